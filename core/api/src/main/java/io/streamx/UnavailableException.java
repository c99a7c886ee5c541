package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * No connection to a service could be made: its name or address leads nowhere, its registry has no instance of it, or nobody
 * there speaks with this client.
 */
public final class UnavailableException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** The message says which service could not be reached, at which address, and why. */
    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public int statusCode() {
        return StatusCode.UNAVAILABLE;
    }

    @Override
    public UnavailableException onThisThread() {
        return new UnavailableException(String.valueOf(getMessage()), getCause());
    }
}
