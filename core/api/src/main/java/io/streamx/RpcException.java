package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * A call or a stream failed. The subclasses say how: {@link BizStatusException}, {@link DeclaredException},
 * {@link StreamException}, {@link StatusException}, {@link ApplicationException}, {@link RpcTimeoutException}; this class
 * itself stands for what went wrong between the two ends, such as a connection that cannot be made.
 */
public class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an error with a message that names what failed and the offending value. */
    public RpcException(String message) {
        super(message);
    }

    /** Creates an error with its cause. */
    public RpcException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** For outcomes that are values more than accidents: {@code stackTrace} false makes them cheap. */
    protected RpcException(String message, @Nullable Throwable cause, boolean stackTrace) {
        super(message, cause, true, stackTrace);
    }

    /**
     * The same failure with the stack trace of the calling thread. A stream has one outcome and reports it to every call
     * that comes after it; this is what such a call throws, so that the trace shows where.
     */
    public RpcException onThisThread() {
        return this;
    }
}
