package io.streamx.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A collector that takes spans over OTLP/HTTP, as the exporters of any language send them, and keeps them. Any thread. */
final class SpanCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<Exported> spans = new ArrayList<>();

    /**
     * One span as it came.
     *
     * @param of the {@code service.name} of the process that it comes from
     * @param parentId empty for the first span of a trace
     * @param kind such as {@code CLIENT}
     * @param attributes each value as text
     */
    record Exported(
            String of,
            String traceId,
            String spanId,
            String parentId,
            String name,
            String kind,
            long beganNanos,
            Map<String, String> attributes) {}

    SpanCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Where exporters send to. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            for (ResourceSpans resource : request.getResourceSpansList()) {
                String of = texts(resource.getResource().getAttributesList()).getOrDefault("service.name", "");
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(span -> add(of, span));
                }
            }
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private synchronized void add(String of, Span span) {
        spans.add(new Exported(
                of,
                HexFormat.of().formatHex(span.getTraceId().toByteArray()),
                HexFormat.of().formatHex(span.getSpanId().toByteArray()),
                HexFormat.of().formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getKind().name().replace("SPAN_KIND_", ""),
                span.getStartTimeUnixNano(),
                texts(span.getAttributesList())));
        notifyAll();
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        one -> one.getValue().hasStringValue()
                                ? one.getValue().getStringValue()
                                : Long.toString(one.getValue().getIntValue()),
                        (first, second) -> second));
    }

    /** Forgets what came so far. */
    synchronized void clear() {
        spans.clear();
    }

    /** Waits until so many spans have come, and gives all that came, the one that began first in front. */
    synchronized List<Exported> await(int count, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (spans.size() < count) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(spans.size() + " spans came (expected: " + count + "): " + spans);
            }
            wait(left);
        }
        return spans.stream()
                .sorted(Comparator.comparingLong(Exported::beganNanos))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
