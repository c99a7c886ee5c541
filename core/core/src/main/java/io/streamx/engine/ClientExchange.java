package io.streamx.engine;

import io.netty.buffer.ByteBuf;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.wire.ClientStreamEvents;
import io.streamx.wire.ClientWire;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/** A stream of a client on its connection. Wire modules report what came by calling the {@code on} methods. */
public final class ClientExchange extends Exchange implements ClientStreamEvents, SilenceWatch.Waiting {
    /** What the blocking stream is told, on the event loop. */
    interface Listener {
        /** The peer's header came. */
        void onHeader(Metadata entries);

        /** The stream is over; {@code trailer} is null when the end was not the peer's trailer. */
        void onFinish(@Nullable Metadata trailer, @Nullable RpcException failure);

        /** This side gives the stream up unless it has ended. */
        void onStalled(RpcException failure);

        /** Whether a reader that waits now waits without a limit, for what should have come or cannot come. */
        boolean waitsInVain();
    }

    private final CallInfo call;
    private final ClientWire wire;
    private final Listener listener;
    private final Effects effects;
    private final ClientStreamCore core;

    ClientExchange(StreamConnection connection, CallInfo call, ClientWire wire, Listener listener) {
        super(connection, wire.readCredit());
        this.call = call;
        this.wire = wire;
        this.listener = listener;
        effects = new Effects(this, wire, listener);
        core = effects.core();
    }

    // ---- caller's threads ----

    void open() {
        if (!connection().outbound().offer(effects::open)) {
            loopHasEnded();
        }
    }

    /**
     * The event loop has ended, and the connection before it. So the stream ends with the reason for which the
     * connection was lost.
     */
    private void loopHasEnded() {
        RpcException failure = effects.loopHasEnded();
        listener.onFinish(null, failure);
        inbound().end(failure);
        window().close();
    }

    void closeSend() {
        connection().outbound().offer(core::closeSend);
    }

    /** Gives the stream up, as {@link ClientWireEffects#cancelSoon} says. */
    void cancel(RpcException reason) {
        effects.cancelSoon(reason);
    }

    @Override
    public CallInfo call() {
        return call;
    }

    @Override
    ClientWire wire() {
        return wire;
    }

    // ---- event loop ----

    @Override
    public @Nullable Thread waiter() {
        return inbound().waiter();
    }

    @Override
    public boolean waitsInVain() {
        return listener.waitsInVain();
    }

    @Override
    void send(OutboundMessage message) {
        core.send(message);
    }

    @Override
    public boolean onHeader(Metadata entries) {
        return core.onHeader(entries);
    }

    @Override
    public void onMessage(InboundMessage message) {
        core.onMessage(message);
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length) {
        if (core.receives()) {
            queue(in, index, length);
        }
    }

    @Override
    public void onEnd(Metadata trailer, @Nullable RpcException failure) {
        core.onEnd(trailer, failure);
    }

    @Override
    public void onReset(RpcException failure) {
        core.onReset(failure);
    }

    @Override
    public void fail(RpcException failure) {
        core.cancel(failure);
    }

    @Override
    void onConnectionLost(RpcException failure) {
        effects.onConnectionLost(failure);
    }

    @Override
    void endStalled(RpcException failure) {
        listener.onStalled(failure);
        // A stream that had ended before loses only its messages.
        inbound().abort(failure);
    }

    private static final class Effects extends ClientWireEffects<ClientExchange> {
        private final Listener listener;

        Effects(ClientExchange stream, ClientWire wire, Listener listener) {
            super(stream, wire);
            this.listener = listener;
        }

        @Override
        public void header(Metadata entries) {
            listener.onHeader(entries);
        }

        @Override
        public void deliver(InboundMessage message) {
            stream.queue(message);
        }

        @Override
        void onFinish(@Nullable Metadata trailer, @Nullable RpcException failure) {
            // The listener is told the outcome before the reader is, so that whoever has received the end finds that
            // sending is over too.
            listener.onFinish(trailer, failure);
            stream.inbound().end(failure);
            stream.inbound().dropUnread();
            stream.window().close();
        }
    }
}
