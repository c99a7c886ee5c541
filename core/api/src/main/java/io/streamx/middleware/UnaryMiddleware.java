package io.streamx.middleware;

import org.jspecify.annotations.Nullable;

/** Wraps a unary call at the client. The request of a Thrift method is the record of its arguments. */
@FunctionalInterface
public interface UnaryMiddleware {
    /** Composes this middleware with the next step. */
    Caller apply(Caller next);

    /** Makes a unary call. */
    @FunctionalInterface
    interface Caller {
        /** Makes the call and returns its result, which is null for void; errors are thrown. */
        @Nullable
        Object call(ClientCall call, Object request);
    }
}
