package io.streamx.middleware;

import io.streamx.MessageStream;

/**
 * Wraps every send, also the one request of a server-streaming call.
 *
 * <pre>{@code
 * only -> only.sendMiddleware(next -> (stream, message) -> {
 *     System.out.println("Echo sends " + message);
 *     next.send(stream, message);
 * }))
 * }</pre>
 */
@FunctionalInterface
public interface SendMiddleware {
    /** Composes this middleware with the next step. */
    Sender apply(Sender next);

    /** Sends a message. */
    @FunctionalInterface
    interface Sender {
        /** Sends {@code message}, which must be of the stream's type. */
        void send(MessageStream stream, Object message);
    }
}
