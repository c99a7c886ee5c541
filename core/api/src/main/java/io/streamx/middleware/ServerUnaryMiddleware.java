package io.streamx.middleware;

import io.streamx.CallContext;
import org.jspecify.annotations.Nullable;

/** Wraps a unary call at the server. */
@FunctionalInterface
public interface ServerUnaryMiddleware {
    /** Composes this middleware with the next step. */
    UnaryHandler apply(UnaryHandler next);

    /** Handles a unary call. */
    @FunctionalInterface
    interface UnaryHandler {
        /**
         * Runs the handler and returns its result, which is null for void; a declared exception or an error is thrown.
         */
        @Nullable
        Object handle(CallContext call, Object request) throws Exception;
    }
}
