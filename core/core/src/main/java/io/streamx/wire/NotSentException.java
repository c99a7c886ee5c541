package io.streamx.wire;

import io.streamx.RpcException;
import io.streamx.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * The peer has certainly not run the call, which may be made again on another connection: the request did not leave as
 * a whole, or the peer has said so. A request that had left before its connection ended is never reported by this
 * exception, since it may have been run. Where a wire has errors of its own, this exception is their cause.
 */
public final class NotSentException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** The message says which call was not run, and what became of its connection. */
    public NotSentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Whether {@code failure} is such an exception, or an error of the wire that has such an exception as its cause.
     */
    public static boolean isReasonOf(RpcException failure) {
        return failure instanceof NotSentException || failure.getCause() instanceof NotSentException;
    }

    @Override
    public int statusCode() {
        return StatusCode.UNAVAILABLE;
    }
}
