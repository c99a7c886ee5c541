package io.streamx.middleware;

import io.streamx.MessageStream;
import org.jspecify.annotations.Nullable;

/** Wraps every recv. It sees the message, the end (null) or the error as the outcome of the next step. */
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
