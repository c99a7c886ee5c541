package io.streamx.middleware;

import io.streamx.ClientStream;

/** Wraps the opening of a stream at the client. It may return another stream than it got. */
@FunctionalInterface
public interface ClientStreamMiddleware {
    /** Composes this middleware with the next step. */
    Opener apply(Opener next);

    /** Opens a stream. */
    @FunctionalInterface
    interface Opener {
        /** Opens the stream of {@code call}; its header frame has been handed to the connection on return. */
        ClientStream open(ClientCall call);
    }
}
