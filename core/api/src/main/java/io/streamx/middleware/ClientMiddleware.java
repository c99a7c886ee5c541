package io.streamx.middleware;

import org.jspecify.annotations.Nullable;

/**
 * Wraps every call of a client, unary or stream, inside the middleware for one kind.
 *
 * <pre>{@code
 * .middleware(next -> (call, request) ->
 *         next.proceed(call.withOptions(call.options().withPersistent("TOKEN", "s3cret")), request))
 * }</pre>
 *
 * <p>Source: docs/protocol/semantics.md "7. Middleware".
 */
@FunctionalInterface
public interface ClientMiddleware {
    /** Composes this middleware with the next step. */
    Step apply(Step next);

    /** Makes a call or opens a stream. */
    @FunctionalInterface
    interface Step {
        /**
         * Makes the call, and returns the result of a unary call, which is null for void; for a stream it returns the
         * {@link io.streamx.ClientStream}.
         *
         * @param request the request of a unary call; null for a stream
         */
        @Nullable
        Object proceed(ClientCall call, @Nullable Object request);
    }
}
