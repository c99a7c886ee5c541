package io.streamx.middleware;

import io.streamx.ClientStream;

/** Wraps the opening of a stream at the client. The middleware may return another stream than the next step gave it. */
@FunctionalInterface
public interface ClientStreamMiddleware {
    /** Composes this middleware with the next step. */
    Opener apply(Opener next);

    /** Opens a stream. */
    @FunctionalInterface
    interface Opener {
        /** Opens the stream of {@code call}; on return the opening has been handed to the connection. */
        ClientStream open(ClientCall call);
    }
}
