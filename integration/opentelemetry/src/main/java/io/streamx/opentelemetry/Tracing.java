package io.streamx.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.streamx.CallInfo;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import java.util.Map;

/**
 * What both ends share: tracer, propagator, settings, and the attributes a span begins with.
 *
 * @param announced what servers are told of this service; keys of {@link Peer}
 * @param names of spans
 */
record Tracing(
        Tracer tracer,
        TextMapPropagator propagator,
        boolean kitexNames,
        boolean businessErrorsAreErrors,
        boolean messageEvents,
        Map<String, String> announced,
        SpanNames names) {
    /** The span of a call, for those who are told of it later. */
    static final io.streamx.AttributeKey<CallSpan> SPAN = io.streamx.AttributeKey.named("span");

    private static final AttributeKey<String> SYSTEM_NAME = AttributeKey.stringKey("rpc.system.name");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<String> PROTOCOL = AttributeKey.stringKey("request.protocol");
    private static final AttributeKey<String> MODE = AttributeKey.stringKey("streamx.mode");

    CallSpan start(CallInfo call, SpanKind kind, Context parent) {
        String method = names.of(call);
        // A peer may send any name as that of a method. The names of spans have to stay few.
        String name = call.isListed() ? method : "unknown";
        // What a sampler may want to know is said at once, all else only of a span that is recorded.
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent);
        if (kitexNames) {
            builder.setAttribute(SYSTEM, "kitex")
                    .setAttribute(SERVICE, kind == SpanKind.CLIENT ? call.to() : call.service())
                    .setAttribute(METHOD, call.method())
                    .setAttribute(PROTOCOL, protocol(call));
        } else {
            builder.setAttribute(SYSTEM_NAME, systemOf(call)).setAttribute(METHOD, method);
        }
        Span span = builder.startSpan();
        if (span.isRecording()) {
            span.setAttribute(MODE, modeOf(call.mode()));
        }
        return new CallSpan(this, call, span, parent.with(span));
    }

    /** The words of the conventions where they have one. What came as plain HTTP has the name of its form. */
    private static String systemOf(CallInfo call) {
        Transport transport = call.transport();
        if (transport != null) {
            return transport == Transport.GRPC ? "grpc" : "kitex";
        }
        return switch (call.protocol()) {
            case "connect" -> "connectrpc";
            case "grpc_web" -> "grpc";
            default -> call.protocol();
        };
    }

    private static String modeOf(StreamingMode mode) {
        return switch (mode) {
            case UNARY -> "unary";
            case CLIENT -> "client";
            case SERVER -> "server";
            case BIDIRECTIONAL -> "bidirectional";
        };
    }

    private static String protocol(CallInfo call) {
        if (call.transport() == Transport.GRPC) {
            return "GRPC";
        }
        if (call.transport() == null) {
            return "HTTP";
        }
        return call.carrier() == null ? "TTHeaderStreaming" : call.carrier().name();
    }
}
