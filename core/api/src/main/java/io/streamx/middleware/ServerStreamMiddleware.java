package io.streamx.middleware;

import io.streamx.CallContext;
import io.streamx.ServerStream;

/**
 * Wraps the handling of a stream at the server. An exception that the middleware throws instead of calling the next
 * step is the outcome of the stream.
 */
@FunctionalInterface
public interface ServerStreamMiddleware {
    /** Composes this middleware with the next step. */
    StreamHandler apply(StreamHandler next);

    /** Handles a stream. */
    @FunctionalInterface
    interface StreamHandler {
        /** Runs the handler; returns when it has. */
        void handle(CallContext call, ServerStream stream) throws Exception;
    }
}
