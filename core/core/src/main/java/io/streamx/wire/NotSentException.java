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

    private final boolean connectionEnded;

    /** The message says which call was not run, and what became of its connection. */
    public NotSentException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private NotSentException(String message, @Nullable Throwable cause, boolean connectionEnded) {
        super(message, cause);
        this.connectionEnded = connectionEnded;
    }

    /**
     * The connection ended in good order before the call got its turn there: nothing of the call has left, or the server has
     * named the last call that it takes. The server had spoken on the connection, so that connections to it can be made.
     */
    public static NotSentException connectionEnded(String message, @Nullable Throwable cause) {
        return new NotSentException(message, cause, true);
    }

    /** Whether the connection was what ended, as {@link #connectionEnded(String, Throwable)} says. */
    public boolean isConnectionEnded() {
        return connectionEnded;
    }

    /** What says so of a call: its failure itself, or the cause of the wire's error; null when nothing does. */
    public static @Nullable NotSentException reasonOf(RpcException failure) {
        return failure instanceof NotSentException itself
                ? itself
                : failure.getCause() instanceof NotSentException cause ? cause : null;
    }

    /**
     * Whether {@code failure} is such an exception, or an error of the wire that has such an exception as its cause.
     */
    public static boolean isReasonOf(RpcException failure) {
        return reasonOf(failure) != null;
    }

    @Override
    public int statusCode() {
        return StatusCode.UNAVAILABLE;
    }
}
