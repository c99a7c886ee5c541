package io.streamx.transport;

import io.streamx.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * The request did not leave as a whole, so that the peer has certainly not run it: it may be made again on another
 * connection. What had left before its connection ended is never reported so, since it may have been run.
 */
public final class NotSentException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** Says which call, and what became of its connection. */
    public NotSentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
