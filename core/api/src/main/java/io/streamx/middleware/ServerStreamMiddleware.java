package io.streamx.middleware;

import io.streamx.CallContext;
import io.streamx.ServerStream;

/** Wraps the handling of a stream at the server. An exception it throws instead of calling on is the outcome. */
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
