package io.streamx.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.streamx.micrometer.MicrometerMetrics;
import io.streamx.micrometer.MicrometerObservations;
import io.streamx.opentelemetry.OpenTelemetryTracing;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Metrics, observations and traces, where what makes them is there. They are installed before other extensions, around which they stand. */
@AutoConfiguration(
        before = {StreamXServerAutoConfiguration.class, StreamXClientAutoConfiguration.class},
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration"
        })
@EnableConfigurationProperties(StreamXObservabilityProperties.class)
class StreamXObservabilityAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, MicrometerMetrics.class})
    @ConditionalOnProperty(name = "streamx.observability.metrics.enabled", matchIfMissing = true)
    static class MetricsConfiguration {
        @Bean
        @Order(-100)
        @ConditionalOnBean(MeterRegistry.class)
        @ConditionalOnMissingBean
        MicrometerMetrics streamXMetrics(MeterRegistry registry) {
            return MicrometerMetrics.to(registry);
        }
    }

    /** Off unless it is switched on, because metrics and traces tell the same of calls, and tell more. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ObservationRegistry.class, MicrometerObservations.class})
    @ConditionalOnProperty(name = "streamx.observability.observations.enabled")
    static class ObservationsConfiguration {
        @Bean
        @Order(-150)
        @ConditionalOnBean(ObservationRegistry.class)
        @ConditionalOnMissingBean
        MicrometerObservations streamXObservations(ObservationRegistry registry) {
            return MicrometerObservations.to(registry);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({OpenTelemetry.class, OpenTelemetryTracing.class})
    @ConditionalOnProperty(name = "streamx.observability.tracing.enabled", matchIfMissing = true)
    static class TracingConfiguration {
        @Bean
        @Order(-200)
        @ConditionalOnBean(OpenTelemetry.class)
        @ConditionalOnMissingBean
        OpenTelemetryTracing streamXTracing(
                OpenTelemetry openTelemetry, StreamXObservabilityProperties all, Environment environment) {
            StreamXObservabilityProperties.Tracing settings = all.tracing();
            OpenTelemetryTracing.Builder tracing = OpenTelemetryTracing.builder(openTelemetry)
                    .kitexNames(settings.kitexNames())
                    .businessErrorsAsErrors(settings.businessErrorsAsErrors())
                    .messageEvents(settings.messageEvents());
            if (settings.announceService()) {
                tracing.announceService(environment.getProperty("spring.application.name", ""), "", "");
            }
            return tracing.build();
        }
    }
}
