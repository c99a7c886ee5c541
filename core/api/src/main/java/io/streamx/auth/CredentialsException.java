package io.streamx.auth;

import io.streamx.RpcException;
import io.streamx.StatusCode;
import org.jspecify.annotations.Nullable;

/** A call was not made because its {@link CallCredentials} could not be had, or must not travel the way the call would. */
public final class CredentialsException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** The message says which call was not made, and why. */
    public CredentialsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public int statusCode() {
        return StatusCode.UNAUTHENTICATED;
    }

    @Override
    public CredentialsException onThisThread() {
        return new CredentialsException(String.valueOf(getMessage()), getCause());
    }
}
