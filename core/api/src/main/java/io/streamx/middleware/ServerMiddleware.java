package io.streamx.middleware;

import io.streamx.CallContext;
import org.jspecify.annotations.Nullable;

/**
 * Wraps every call of a server, unary or stream, around the middleware for one kind.
 *
 * <pre>{@code
 * .middleware(next -> (call, requestOrStream) -> { // unary calls and streams
 *     if (call.persistent("TOKEN") == null) {
 *         throw new BizStatusException(401, "who are you?");
 *     }
 *     return next.proceed(call, requestOrStream);
 * })
 * }</pre>
 *
 * <p>Source: docs/protocol/semantics.md "7. Middleware".
 */
@FunctionalInterface
public interface ServerMiddleware {
    /** Composes this middleware with the next step. */
    Step apply(Step next);

    /** Handles a call. */
    @FunctionalInterface
    interface Step {
        /**
         * Handles the call, and returns the result of a unary call, which is null for void; for a stream it returns
         * null.
         *
         * @param requestOrStream the request of a unary call, or the {@link io.streamx.ServerStream}
         */
        @Nullable
        Object proceed(CallContext call, Object requestOrStream) throws Exception;
    }
}
