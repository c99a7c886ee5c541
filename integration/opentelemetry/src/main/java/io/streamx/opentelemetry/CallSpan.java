package io.streamx.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.CallInfo;
import io.streamx.CallListener.Summary;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.StreamingMode;
import io.streamx.service.ContextStorage;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The span of one call. Any thread; it ends once. It is its own flag of having ended, so that a call costs one object of ours. A
 * span that nobody records, because its trace is sampled out, is told nothing.
 */
@SuppressWarnings("serial") // nobody writes it anywhere
final class CallSpan extends AtomicBoolean {
    private static final AttributeKey<Long> MESSAGES_SENT = AttributeKey.longKey("streamx.messages.sent");
    private static final AttributeKey<Long> MESSAGES_RECEIVED = AttributeKey.longKey("streamx.messages.received");
    private static final AttributeKey<Long> BYTES_SENT = AttributeKey.longKey("streamx.bytes.sent");
    private static final AttributeKey<Long> BYTES_RECEIVED = AttributeKey.longKey("streamx.bytes.received");
    private static final AttributeKey<Long> KITEX_SENT = AttributeKey.longKey("kitex.send_size");
    private static final AttributeKey<Long> KITEX_RECEIVED = AttributeKey.longKey("kitex.recv_size");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("streamx.attempt");
    private static final AttributeKey<Long> BIZ_STATUS = AttributeKey.longKey("streamx.biz_status");
    private static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> STATUS_CODE = AttributeKey.stringKey("rpc.response.status_code");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> MESSAGE_BYTES = AttributeKey.longKey("rpc.message.uncompressed_size");

    private final Tracing tracing;
    private final Span span;
    private final Context context;
    private final boolean recorded;
    private final boolean isStream;
    private volatile @Nullable Summary summary;
    /** Whether the caller has the call's stream or result. Attempts that ended before did so for a call that was made again. */
    private volatile boolean handedOut;
    /** Whether the user of the latest attempt is done with that attempt. */
    private volatile boolean done;

    CallSpan(Tracing tracing, CallInfo call, Span span, Context context) {
        this.tracing = tracing;
        this.span = span;
        this.context = context;
        recorded = span.isRecording();
        isStream = call.mode() != StreamingMode.UNARY;
    }

    /** Makes the span current; whoever goes on with the call on another thread closes it there. */
    @SuppressWarnings("MustBeClosedChecker")
    ContextStorage.Scope current() {
        return context.makeCurrent()::close;
    }

    Span span() {
        return span;
    }

    /** The context that holds the span, for the code that works on the call. */
    Context context() {
        return context;
    }

    void message(String event, long bytes) {
        span.addEvent(event, Attributes.of(MESSAGE_BYTES, bytes));
    }

    /** The call is over; its user may not know yet. */
    void finished(Summary outcome) {
        summary = outcome;
    }

    /** An attempt of the call begins: a middleware within this one may make several. */
    void started() {
        done = false;
    }

    /** The user of an attempt is done with it, which ends the span unless another attempt may follow. */
    void done() {
        done = true;
        if (handedOut) {
            endAsFinished();
        }
    }

    /** No further attempt will be made. */
    void handedOut() {
        handedOut = true;
        if (done) {
            endAsFinished();
        }
    }

    /** Notes at a client which server the call went to. */
    void at(CallInfo call) {
        if (!recorded) {
            return;
        }
        if (call.remoteAddress() instanceof InetSocketAddress address) {
            span.setAttribute(SERVER_ADDRESS, address.getHostString());
            span.setAttribute(SERVER_PORT, address.getPort());
        }
        if (call.attempt() > 1) {
            span.setAttribute(ATTEMPT, call.attempt());
        }
    }

    private void endAsFinished() {
        Summary known = summary;
        end(known == null ? null : known.failure());
    }

    /** Ends the span, unless it has ended. {@code failure} is what the caller saw the call end with; null for success. */
    void end(@Nullable Throwable failure) {
        if (!compareAndSet(false, true)) {
            return;
        }
        if (recorded) {
            describe(failure);
        }
        span.end();
    }

    private void describe(@Nullable Throwable failure) {
        Summary known = summary;
        if (known != null) {
            sizes(known);
        }
        if (failure != null) {
            outcome(failure);
        } else if (!tracing.kitexNames()) {
            span.setAttribute(STATUS_CODE, "OK");
        }
    }

    private void sizes(Summary known) {
        span.setAttribute(tracing.kitexNames() ? KITEX_SENT : BYTES_SENT, known.bytesSent());
        span.setAttribute(tracing.kitexNames() ? KITEX_RECEIVED : BYTES_RECEIVED, known.bytesReceived());
        if (isStream) {
            span.setAttribute(MESSAGES_SENT, known.messagesSent());
            span.setAttribute(MESSAGES_RECEIVED, known.messagesReceived());
        }
    }

    private void outcome(Throwable reason) {
        if (reason instanceof BizStatusException business) {
            span.setAttribute(BIZ_STATUS, business.code());
            if (!tracing.businessErrorsAreErrors()) {
                return;
            }
        }
        if (!tracing.kitexNames()) {
            String code = code(reason);
            if (code != null) {
                span.setAttribute(STATUS_CODE, code);
            }
            span.setAttribute(
                    ERROR_TYPE, code != null ? code : reason.getClass().getName());
        }
        span.recordException(reason);
        span.setStatus(StatusCode.ERROR, String.valueOf(reason.getMessage()));
    }

    private static @Nullable String code(Throwable reason) {
        return switch (reason) {
            case StatusException status -> status.codeName();
            case StreamException stream -> Integer.toString(stream.code());
            case ApplicationException application -> Integer.toString(application.type());
            default -> null;
        };
    }
}
