package io.streamx.middleware;

import io.streamx.MessageStream;
import org.jspecify.annotations.Nullable;

/**
 * Wraps every recv. It sees the message, the end (null) or the error as the outcome of the next step.
 *
 * <pre>{@code
 * .recvMiddleware(next -> stream -> { // each message received
 *     Object message = next.recv(stream); // null at the end
 *     return message instanceof Request request
 *             ? new Request(request.message().strip())
 *             : message;
 * })
 * }</pre>
 */
@FunctionalInterface
public interface RecvMiddleware {
    /** Composes this middleware with the next step. */
    Receiver apply(Receiver next);

    /** Receives a message. */
    @FunctionalInterface
    interface Receiver {
        /** The next message, or null at the end. */
        @Nullable
        Object recv(MessageStream stream);
    }
}
