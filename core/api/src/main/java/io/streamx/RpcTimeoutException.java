package io.streamx;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A unary call, or the wait for a connection, took longer than its setting allows. */
public final class RpcTimeoutException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final Duration timeout;
    private final boolean beforeConnected;

    /** {@code timeout} is the setting that ran out; the message names it and what was waited for. */
    public RpcTimeoutException(String message, Duration timeout, @Nullable Throwable cause) {
        this(message, timeout, false, cause);
    }

    private RpcTimeoutException(String message, Duration timeout, boolean beforeConnected, @Nullable Throwable cause) {
        super(message, cause);
        this.timeout = timeout;
        this.beforeConnected = beforeConnected;
    }

    /** The time ran out before there was a connection: nothing of the call has left. */
    public static RpcTimeoutException beforeConnected(String message, Duration timeout, @Nullable Throwable cause) {
        return new RpcTimeoutException(message, timeout, true, cause);
    }

    /** Whether the time ran out before there was a connection, so that the server has certainly not run the call. */
    public boolean isBeforeConnected() {
        return beforeConnected;
    }

    /** The setting that ran out. */
    public Duration timeout() {
        return timeout;
    }

    @Override
    public RpcTimeoutException onThisThread() {
        return new RpcTimeoutException(String.valueOf(getMessage()), timeout, beforeConnected, getCause());
    }

    @Override
    public int statusCode() {
        return StatusCode.DEADLINE_EXCEEDED;
    }
}
