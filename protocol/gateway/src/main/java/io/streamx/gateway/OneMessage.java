package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.ServerStreamEvents;
import org.jspecify.annotations.Nullable;

/** Takes the one message of a unary request out of its envelope. For one thread. */
final class OneMessage implements ServerStreamEvents {
    private @Nullable InboundMessage message;
    private @Nullable RpcException failure;

    /**
     * The message, which the caller then owns.
     *
     * @throws RpcException when there was not exactly one
     */
    InboundMessage take() {
        InboundMessage taken = message;
        message = null;
        if (failure != null) {
            throw failure;
        }
        if (taken == null) {
            throw new IllegalStateException("the envelope has neither a message nor a failure");
        }
        return taken;
    }

    @Override
    public void onMessage(InboundMessage came) {
        message = came;
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length) {
        message = InboundMessage.copyOf(in, index, length);
    }

    @Override
    public void onEnd(@Nullable RpcException reason) {
        failure = reason;
    }

    @Override
    public void onReset(RpcException reason) {
        failure = reason;
    }

    @Override
    public void written(int cost) {}

    @Override
    public long unreadBytes() {
        return 0;
    }

    @Override
    public void whenTaken(Runnable step) {
        step.run();
    }

    @Override
    public void whenAwaited(Runnable step) {
        step.run();
    }
}
