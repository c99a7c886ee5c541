package io.streamx;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches calls, for metrics, traces and logs: streams and unary calls, on every transport and carrier, at clients and at
 * servers. A server also tells of the calls that it refused, such as those of unknown methods.
 *
 * <p>All events of one call come with one {@link CallInfo} object, so a listener can keep what it knows of a call in
 * its {@linkplain CallInfo#setAttribute attributes}. All methods may be called on any thread that is not an event
 * loop's. Two methods may run at once, also for one call. What a listener throws is logged and disturbs nothing. At a
 * client every event of a call, the finish included, comes before its outcome reaches the caller, but for the reply of a
 * client stream on TTHeader: the reply is handed over when it comes, and the finish follows with the server's end.
 *
 * <p>Where no listener is registered nothing of this costs anything.
 *
 * <pre>{@code
 * CallListener listener = new CallListener() {
 *     @Override
 *     public void onFinish(CallInfo call, Summary summary) {
 *         ends.add(call.service() + "/" + call.method() + " " + summary.outcome()
 *                 + ", received " + summary.messagesReceived());
 *     }
 * };
 * }</pre>
 *
 * <p>Source: docs/protocol/semantics.md "8. Events".
 */
public interface CallListener {
    /**
     * The call began. At a client a stream's opening is about to be queued, and a unary call has passed the middleware; at
     * a server the handler's thread has started, and nothing has been decoded yet.
     */
    default void onStart(CallInfo call) {}

    /** The server's header came. Only clients are told of headers, and only on gRPC do unary calls have one. */
    default void onHeader(CallInfo call, Map<String, String> entries) {}

    /**
     * A message was taken, or taking one failed. The clean end of a stream is no message. At the client of a unary call
     * a reply that carries an error is a message too, and a call that got no reply is told of by {@link #onFinish}
     * alone.
     *
     * @param bytes the payload of the message: what the codec made or read, without frames and headers; 0 on failure
     */
    default void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {}

    /**
     * A message was handed to the network or its queue, or sending one failed.
     *
     * @param bytes the payload of the message; 0 on failure
     */
    default void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {}

    /**
     * Streams only: a thread of the program begins to wait. Every wait that is told of is told the end of too, with {@link
     * #onWaitEnd}, on the thread that waits.
     */
    default void onWait(CallInfo call, Wait wait) {}

    /** Streams only: the wait is over, well or not, and took {@code nanos}. */
    default void onWaitEnd(CallInfo call, Wait wait, long nanos) {}

    /**
     * The call is over. Each call that started is over once. At a server that is when the handler has returned; at the
     * client of a unary call when the outcome is known. At the client of a stream it is when the end has come: messages
     * that came before the end and are taken later are still told of by {@link #onReceive}.
     */
    default void onFinish(CallInfo call, Summary summary) {}

    /**
     * The user of this end has nothing more to expect of the call; once for each that finished, after {@link #onFinish}. At
     * the client of a stream when its user has taken the end or a failure, got the one reply, cancelled or closed the stream;
     * everywhere else right after the finish. A stream that its client never reads to the end nor closes has this event when
     * the garbage collector finds it ({@link #onForgotten}), and none as long as something refers to it.
     */
    default void onDone(CallInfo call) {}

    /**
     * Clients only: nothing refers to a stream any more that was neither read to its end nor cancelled nor closed. It is
     * cancelled now; {@link #onFinish} and {@link #onDone} follow.
     *
     * @param openedAt the lines of the program that opened the stream, innermost first; empty where they were not recorded
     */
    default void onForgotten(CallInfo call, List<StackTraceElement> openedAt) {}

    /** What a thread that uses a stream waits for. */
    enum Wait {
        /** Room to send: the network, the peer or its handler takes messages more slowly than they are sent. */
        SEND,
        /** The next message, or the end of the stream. */
        RECEIVE
    }

    /**
     * What a call came to.
     *
     * @param messagesSent messages handed to the network or its queue
     * @param bytesSent their payload
     * @param messagesReceived messages that came, whether the user took them or not
     * @param bytesReceived their payload
     * @param trailer the trailer's entries at a client; null when the call ended without a trailer or with an empty one
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

        /**
         * How the call ended, in one word of a small set that docs/observability.md lists, {@code ok} or {@code timeout} for
         * instance.
         */
        public String outcome() {
            return CallOutcome.of(failure);
        }
    }
}
