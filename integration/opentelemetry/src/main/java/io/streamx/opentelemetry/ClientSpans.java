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
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Begins the span of a call at its client and sends the context along. */
final class ClientSpans implements ClientMiddleware.Step {
    /** The length of a traceparent of version 00: version, trace, span and flags, with dashes between them. */
    private static final int TRACEPARENT_LENGTH = 55;

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
        CallOptions options = call.options();
        if (!carriesMetainfo(call)) {
            return options;
        }
        Map<String, String> fields = new HashMap<>(4);
        tracing.propagator().inject(context, fields, (map, key, value) -> {
            if (map != null) {
                map.put(key, value);
            }
        });
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (field.getValue().isEmpty()) {
                continue;
            }
            options = options.withTransient(field.getKey(), asKitexReadsIt(field.getKey(), field.getValue()));
            if (call.transport() == Transport.GRPC) {
                options = options.withMetadata(io.streamx.Metadata.of(field.getKey(), field.getValue()));
            }
        }
        for (Map.Entry<String, String> field : tracing.announced().entrySet()) {
            options = options.withTransient(field.getKey(), field.getValue());
        }
        return options;
    }

    /**
     * A field as OpenTelemetry for Go reads it, which Kitex' extension uses. Many of its versions, 1.37 among them, refuse a {@code
     * traceparent} that has other flags than the sampled one, such as the one for random ids that Java's SDK sets.
     */
    private static String asKitexReadsIt(String key, String value) {
        if (!key.equals("traceparent") || value.length() != TRACEPARENT_LENGTH || !value.startsWith("00-")) {
            return value;
        }
        boolean sampled = (Character.digit(value.charAt(TRACEPARENT_LENGTH - 1), 16) & 1) == 1;
        return value.substring(0, TRACEPARENT_LENGTH - 2) + (sampled ? "01" : "00");
    }

    private static boolean carriesMetainfo(CallInfo call) {
        return call.carrier() != PingPong.FRAMED && call.carrier() != PingPong.BUFFERED;
    }
}
