package io.streamx.client;

import io.streamx.RpcException;

/**
 * A connection could not be made. Nothing of the call was sent, so another instance may be tried. This exception never
 * reaches a caller.
 */
final class ConnectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RpcException failure;

    ConnectException(RpcException failure) {
        super(failure.getMessage(), failure, false, false);
        this.failure = failure;
    }

    /** What the caller is told when there is no other instance. */
    RpcException failure() {
        return failure;
    }
}
