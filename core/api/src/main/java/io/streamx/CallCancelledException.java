package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * A call was given up, or not begun, because its enclosing call or context was cancelled, or its thread interrupted while it
 * waited; the cause says why.
 */
public final class CallCancelledException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** The message says which call was given up; {@code cause} is why the enclosing call or context was cancelled. */
    public CallCancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public int statusCode() {
        return StatusCode.CANCELLED;
    }

    @Override
    public CallCancelledException onThisThread() {
        return new CallCancelledException(String.valueOf(getMessage()), getCause());
    }
}
