package io.streamx;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A unary call, or the wait for a connection, took longer than its setting allows. */
public final class RpcTimeoutException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final Duration timeout;

    /** {@code timeout} is the setting that ran out; the message names it and what was waited for. */
    public RpcTimeoutException(String message, Duration timeout, @Nullable Throwable cause) {
        super(message, cause);
        this.timeout = timeout;
    }

    /** The setting that ran out. */
    public Duration timeout() {
        return timeout;
    }

    @Override
    public RpcTimeoutException onThisThread() {
        return new RpcTimeoutException(String.valueOf(getMessage()), timeout, getCause());
    }

    @Override
    public int statusCode() {
        return StatusCode.DEADLINE_EXCEEDED;
    }
}
