package io.streamx.resilience;

import io.streamx.RpcException;
import io.streamx.middleware.ClientCall;
import org.jspecify.annotations.Nullable;

/** Answers a unary call that failed, after all attempts. Runs on the caller's thread. */
@FunctionalInterface
public interface Fallback {
    /**
     * The result in place of one from the server, of the method's type; or throws {@code failure} or another error.
     *
     * @param failure never an agreed outcome, such as a declared exception
     */
    @Nullable
    Object answer(ClientCall call, Object request, RpcException failure);
}
