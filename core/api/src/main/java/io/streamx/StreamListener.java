package io.streamx;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches streams, for metrics and traces. All methods may be called on any thread, those of one stream also at once;
 * what they throw is logged and disturbs nothing. At a client every event of a stream, the finish included, comes before
 * its outcome reaches the caller.
 *
 * <p>Source: docs/protocol/semantics.md "8. Events".
 */
public interface StreamListener {
    /** The stream began: at a client its opening was queued, at a server its handler is about to run. */
    default void onStart(CallInfo call) {}

    /** Clients only: the server's header came. */
    default void onHeader(CallInfo call, Map<String, String> entries) {}

    /**
     * A recv has ended, with a message or a failure; not for the clean end.
     *
     * @param bytes the payload of the message; 0 on failure
     */
    default void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {}

    /**
     * A send has ended, well or with a failure.
     *
     * @param bytes the payload of the message; 0 on failure
     */
    default void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {}

    /**
     * The stream is over; once for each that started. At a server when its handler has returned, at a client when the end
     * has come: messages that came before it and are taken later are still told of by {@link #onReceive}.
     */
    default void onFinish(CallInfo call, Summary summary) {}

    /**
     * What a stream came to.
     *
     * @param messagesSent messages handed to the network or its queue
     * @param bytesSent their payload
     * @param messagesReceived messages that came, whether the user took them or not
     * @param bytesReceived their payload
     * @param trailer the trailer's entries at a client; null when the stream ended without a trailer or with an empty one
     * @param failure null for the clean end
     */
    record Summary(
            long messagesSent,
            long bytesSent,
            long messagesReceived,
            long bytesReceived,
            @Nullable Map<String, String> trailer,
            @Nullable Throwable failure) {
        /** Whether the call did its work: a business error is an agreed outcome, not a fault. */
        public boolean isSuccess() {
            return failure == null || failure instanceof BizStatusException;
        }
    }
}
