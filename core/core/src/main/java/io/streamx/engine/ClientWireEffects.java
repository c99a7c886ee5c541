package io.streamx.engine;

import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.wire.ClientStreamEvents;
import io.streamx.wire.ClientWire;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a stream of a client does on its wire, whether it carries one message each way or many. When it does so is decided
 * by {@link ClientStreamCore}; what its caller gets is for the subclass. On the event loop, unless a method says otherwise.
 *
 * @param <S> the stream
 */
abstract class ClientWireEffects<S extends ConnectionStream & ClientStreamEvents> implements ClientStreamCore.Effects {
    final S stream;
    final ClientWire wire;
    private final ClientStreamCore core = new ClientStreamCore(this);

    ClientWireEffects(S stream, ClientWire wire) {
        this.stream = stream;
        this.wire = wire;
    }

    /** The states of the stream. */
    final ClientStreamCore core() {
        return core;
    }

    /** Opens the stream, for which its connection has kept a place, unless the connection is gone. */
    final void open() {
        RpcException lost = stream.connection().lostBecause();
        if (lost != null) {
            core.onConnectionLost(wire.connectionEnded(lost));
        } else {
            core.open();
        }
        stream.connection().admission().unreserve();
    }

    /**
     * The failure of a stream that cannot be opened, because the event loop has ended, and the connection with it. Any
     * thread.
     */
    final RpcException loopHasEnded() {
        RpcException lost = stream.connection().lostBecause();
        return lost != null ? lost : wire.failures().canceled("client was closed");
    }

    /**
     * Gives the stream up. What is queued for sending is dropped, so the cancel does not wait for its turn in the
     * queue. Any thread.
     */
    final void cancelSoon(RpcException reason) {
        stream.connection().execute(() -> {
            core.cancel(reason);
            stream.connection().flush();
        });
    }

    /** The connection is gone. */
    final void onConnectionLost(RpcException failure) {
        core.onConnectionLost(wire.mayHaveLeft() ? failure : wire.connectionEnded(failure));
    }

    @Override
    public final void writeOpen() {
        stream.connection().attach(stream);
        wire.writeOpen(stream);
    }

    @Override
    public final void writeMessage(OutboundMessage message) {
        wire.writeMessage(message);
    }

    @Override
    public final void discard(OutboundMessage message) {
        stream.drop(message);
    }

    @Override
    public final void writeEnd() {
        wire.writeEnd();
    }

    @Override
    public final void writeReset(RpcException reason, boolean sendOpen) {
        wire.writeReset(reason, sendOpen);
    }

    @Override
    public final void abandonSending() {
        wire.abandonSending();
    }

    @Override
    public final void discard(InboundMessage message) {
        message.release();
    }

    @Override
    public final void finish(@Nullable Metadata trailer, @Nullable RpcException failure) {
        wire.forget();
        stream.connection().detach(stream);
        onFinish(trailer, failure);
    }

    /** The stream is over, and gone from its connection. As {@link ClientStreamCore.Effects#finish} says. */
    abstract void onFinish(@Nullable Metadata trailer, @Nullable RpcException failure);
}
