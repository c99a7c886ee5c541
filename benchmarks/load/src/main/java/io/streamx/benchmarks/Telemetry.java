package io.streamx.benchmarks;

import io.grpc.opentelemetry.GrpcOpenTelemetry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.micrometer.MicrometerMetrics;
import io.streamx.opentelemetry.OpenTelemetryTracing;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.Collection;

/**
 * Traces and metrics of a whole process: every call has a span, which goes to a batch and is thrown away there, and metrics are
 * kept as for a scrape. What a collector would cost is not measured.
 */
final class Telemetry {
    /** Without it grpc-java's module makes metrics alone; read when its class is loaded. */
    static final String GRPC_TRACING = "GRPC_EXPERIMENTAL_ENABLE_OTEL_TRACING";

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private Telemetry() {}

    /** What {@code streamx-opentelemetry} and {@code streamx-micrometer} do. */
    static Extension ofStreamx() {
        OpenTelemetryTracing tracing = OpenTelemetryTracing.of(openTelemetry(false));
        MicrometerMetrics metrics = MicrometerMetrics.to(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        return new Extension() {
            @Override
            public void installInto(Client.Builder client) {
                client.install(tracing).install(metrics);
            }

            @Override
            public void installInto(Server.Builder server) {
                server.install(tracing).install(metrics);
            }
        };
    }

    /** What grpc-java's own module does. */
    static GrpcOpenTelemetry ofGrpc() {
        if (!"true".equals(System.getenv(GRPC_TRACING))) {
            throw new IllegalStateException("environment variable " + GRPC_TRACING + ": " + System.getenv(GRPC_TRACING)
                    + " (expected: true, or grpc-java has no spans)");
        }
        return GrpcOpenTelemetry.newBuilder().sdk(openTelemetry(true)).build();
    }

    private static OpenTelemetry openTelemetry(boolean metrics) {
        var sdk = OpenTelemetrySdk.builder()
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(new Nowhere()).build())
                        .build());
        if (metrics) {
            sdk.setMeterProvider(SdkMeterProvider.builder()
                    .registerMetricReader(PeriodicMetricReader.builder(new NoMetrics())
                            .setInterval(INTERVAL)
                            .build())
                    .build());
        }
        return sdk.build();
    }

    private static final class Nowhere implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static final class NoMetrics implements MetricExporter {
        @Override
        public CompletableResultCode export(Collection<MetricData> metrics) {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
            return AggregationTemporality.CUMULATIVE;
        }
    }
}
