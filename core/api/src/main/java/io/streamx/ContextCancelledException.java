package io.streamx;

/** The reason for which calls under a {@link CancellableContext} ended: the owner of the context cancelled it. */
public final class ContextCancelledException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** For contexts, which make it as a value and without a stack trace. */
    public ContextCancelledException(String reason) {
        super(reason, null, false);
    }

    @Override
    public int statusCode() {
        return StatusCode.CANCELLED;
    }
}
