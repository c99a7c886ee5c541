package io.streamx.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What clients and the server tell of their calls.
 *
 * @param metrics Metrics of Micrometer.
 * @param tracing Traces of OpenTelemetry.
 * @param observations Observations of Micrometer.
 */
@ConfigurationProperties("streamx.observability")
record StreamXObservabilityProperties(
        @DefaultValue Metrics metrics,
        @DefaultValue Tracing tracing,
        @DefaultValue Observations observations) {
    /**
     * Metrics of Micrometer.
     *
     * @param enabled Whether calls are counted and timed when streamx-micrometer is on the class path.
     */
    record Metrics(@DefaultValue("true") boolean enabled) {}

    /**
     * Observations of Micrometer.
     *
     * @param enabled Whether calls are observed in the application's ObservationRegistry when streamx-micrometer is on the class
     *     path.
     */
    record Observations(@DefaultValue("false") boolean enabled) {}

    /**
     * Traces of OpenTelemetry.
     *
     * @param enabled Whether calls have spans when streamx-opentelemetry is on the class path.
     * @param kitexNames Whether attributes are named as those of Kitex.
     * @param businessErrorsAsErrors Whether a business error is an error of its span.
     * @param messageEvents Whether a span has an event for each message.
     * @param announceService Whether servers are told the name of this application, as Kitex tells its own.
     */
    record Tracing(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("false") boolean kitexNames,
            @DefaultValue("false") boolean businessErrorsAsErrors,
            @DefaultValue("false") boolean messageEvents,
            @DefaultValue("false") boolean announceService) {}
}
