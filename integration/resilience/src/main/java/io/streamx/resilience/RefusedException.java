package io.streamx.resilience;

import io.streamx.RpcException;

/** A call that was not made, because a circuit breaker is open or a limit of this client is reached. */
public final class RefusedException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** {@code message} names the call, what refused it, and why. */
    public RefusedException(String message) {
        super(message, null);
    }

    @Override
    public RefusedException onThisThread() {
        return new RefusedException(String.valueOf(getMessage()));
    }
}
