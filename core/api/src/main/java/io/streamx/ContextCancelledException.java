package io.streamx;

/** Why calls ended that were made under a {@link CancellableContext}: its owner cancelled it. */
public final class ContextCancelledException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** Made by the context, as a value and without a stack trace. */
    public ContextCancelledException(String reason) {
        super(reason, null, false);
    }

    @Override
    public int statusCode() {
        return StatusCode.CANCELLED;
    }
}
