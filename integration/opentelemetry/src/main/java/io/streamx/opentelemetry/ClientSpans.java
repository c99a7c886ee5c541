package io.streamx.opentelemetry;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.streamx.CallInfo;
import io.streamx.PingPong;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.middleware.ClientCall;
import io.streamx.middleware.ClientMiddleware;
import io.streamx.service.CallOptions;
import org.jspecify.annotations.Nullable;

/** Begins the span of a call at its client and sends the context along. */
final class ClientSpans implements ClientMiddleware.Step {
    private final Tracing tracing;
    private final ClientMiddleware.Step next;

    ClientSpans(Tracing tracing, ClientMiddleware.Step next) {
        this.tracing = tracing;
        this.next = next;
    }

    @Override
    @SuppressWarnings("unused") // the scope
    public @Nullable Object proceed(ClientCall call, @Nullable Object request) {
        CallSpan span = tracing.start(call, SpanKind.CLIENT, Context.current());
        ClientCall traced = call.withOptions(withContext(call, span.context()));
        traced.setAttribute(Tracing.SPAN, span);
        Object result;
        try (Scope scope = span.context().makeCurrent()) {
            result = next.proceed(traced, request);
        } catch (Throwable failure) {
            span.end(failure);
            throw failure;
        }
        if (call.mode() == StreamingMode.UNARY) {
            span.end(null);
        } else {
            span.handedOut();
        }
        return result;
    }

    private CallOptions withContext(ClientCall call, Context context) {
        return carriesMetainfo(call)
                ? Carried.of(tracing, context)
                        .addedTo(call.options(), call.transport() == Transport.GRPC, tracing.announced())
                : call.options();
    }

    private static boolean carriesMetainfo(CallInfo call) {
        return call.carrier() != PingPong.FRAMED && call.carrier() != PingPong.BUFFERED;
    }
}
