package io.streamx.opentelemetry;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.Transport;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.service.ContextStorage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Begins the span of a call at its server, and makes its context current for the handler. */
final class ServerSpans implements CallListener {
    private final Tracing tracing;
    private final SpanListener spans;

    ServerSpans(Tracing tracing, SpanListener spans) {
        this.tracing = tracing;
        this.spans = spans;
    }

    /** A field of transient metainfo, whose keys arrive from gRPC and HTTP in upper case and with {@code _} for {@code -}. */
    private static @Nullable String prefixed(CallContext call, String key) {
        if (call.transients().isEmpty()) {
            return null;
        }
        String value = call.transientValue(key);
        return value != null || call.transport() == Transport.TTHEADER ? value : call.transientValue(upper(key));
    }

    /** The keys that are asked for with each call are constants. */
    private static String upper(String key) {
        return switch (key) {
            case "traceparent" -> "TRACEPARENT";
            case "tracestate" -> "TRACESTATE";
            case "baggage" -> "BAGGAGE";
            case Peer.SERVICE_NAME -> "SERVICE.NAME";
            case Peer.SERVICE_NAMESPACE -> "SERVICE.NAMESPACE";
            case Peer.DEPLOYMENT_ENVIRONMENT -> "DEPLOYMENT.ENVIRONMENT";
            default -> key.replace('-', '_').toUpperCase(Locale.ROOT);
        };
    }

    /** Reads what came with a call: the bare name first, as everybody writes it, then Kitex' prefixed one. */
    private enum Fields implements TextMapGetter<CallContext> {
        OF_CALL;

        @Override
        @SuppressWarnings("deprecation") // an older SDK asks for it
        public Iterable<String> keys(CallContext call) {
            return call.transients().keySet();
        }

        @Override
        public @Nullable String get(@Nullable CallContext call, String key) {
            if (call == null) {
                return null;
            }
            String bare = call.metadata().first(key);
            return bare != null ? bare : prefixed(call, key);
        }
    }

    @Override
    public void onStart(CallInfo info) {
        if (!(info instanceof CallContext call)) {
            return;
        }
        Context parent = tracing.propagator().extract(Context.root(), call, Fields.OF_CALL);
        CallSpan span = tracing.start(call, SpanKind.SERVER, parent);
        if (span.span().isRecording()) {
            peer(call, span, Peer.SERVICE_NAME, "peer.service");
            peer(call, span, Peer.SERVICE_NAMESPACE, "peer.service.namespace");
            peer(call, span, Peer.DEPLOYMENT_ENVIRONMENT, "peer.deployment.environment");
        }
        span.handedOut();
        call.setAttribute(Tracing.SPAN, span);
        call.setAttribute(ContextStorage.SCOPES, span::current);
    }

    private static void peer(CallContext call, CallSpan span, String key, String attribute) {
        String value = prefixed(call, key);
        if (value != null) {
            span.span().setAttribute(attribute, value);
        }
    }

    @Override
    public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
        spans.onReceive(call, bytes, failure);
    }

    @Override
    public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
        spans.onSend(call, bytes, failure);
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        spans.onFinish(call, summary);
    }

    @Override
    public void onDone(CallInfo call) {
        spans.onDone(call);
    }

    @SuppressWarnings("unused") // the scope
    static ServerMiddleware.Step aroundHandler(ServerMiddleware.Step next) {
        return (call, requestOrStream) -> {
            CallSpan span = call.attribute(Tracing.SPAN);
            if (span == null) {
                return next.proceed(call, requestOrStream);
            }
            try (Scope scope = span.context().makeCurrent()) {
                return next.proceed(call, requestOrStream);
            }
        };
    }
}
