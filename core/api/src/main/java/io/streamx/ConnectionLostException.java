package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * The connection of a unary call on one of Thrift's carriers ended before its reply came; the server may have run the call.
 * Calls on gRPC and streams have errors of their wire for this: {@link StatusCode#UNAVAILABLE} and {@link
 * StreamException#TRANSPORT_CLOSING}.
 */
public final class ConnectionLostException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** Says which call, and what became of its connection. */
    public ConnectionLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public int statusCode() {
        return StatusCode.UNAVAILABLE;
    }

    @Override
    public ConnectionLostException onThisThread() {
        return new ConnectionLostException(String.valueOf(getMessage()), getCause());
    }
}
