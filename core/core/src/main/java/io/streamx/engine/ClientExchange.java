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
    /** Looks of {@link SilenceWatch} that have found the reader waiting for the very message; and which. */
    private int looksWithout;

    private long takenAtLook;
    private final ClientStreamCore core = new ClientStreamCore(new Effects());

    ClientExchange(StreamConnection connection, CallInfo call, ClientWire wire, Listener listener) {
        super(connection, wire.readCredit());
        this.call = call;
        this.wire = wire;
        this.listener = listener;
    }

    // ---- caller's threads ----

    void open() {
        if (!connection().outbound().offer(this::openNow)) {
            loopHasEnded();
        }
    }

    /**
     * The event loop has ended, and the connection before it. So the stream ends with the reason for which the
     * connection was lost.
     */
    private void loopHasEnded() {
        RpcException lost = connection().lostBecause();
        RpcException failure = lost != null ? lost : failures().canceled("client was closed");
        listener.onFinish(null, failure);
        inbound().end(failure);
        window().close();
    }

    void closeSend() {
        connection().outbound().offer(core::closeSend);
    }

    /**
     * Gives the stream up. What is queued for sending is dropped, so the cancel does not wait for its turn in the
     * queue.
     */
    void cancel(RpcException reason) {
        connection().execute(() -> {
            core.cancel(reason);
            connection().flush();
        });
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

    private void openNow() {
        RpcException lost = connection().lostBecause();
        if (lost != null) {
            core.onConnectionLost(wire.connectionEnded(lost));
        } else {
            core.open();
        }
        connection().unreserve();
    }

    @Override
    public @Nullable Thread waiter() {
        return inbound().waiter();
    }

    @Override
    public boolean waitsSilently() {
        long taken = takenCost();
        int before = taken == takenAtLook ? looksWithout : 0;
        takenAtLook = taken;
        looksWithout = inbound().isAwaited() ? before + 1 : 0;
        // The wait may have begun just before the first of these looks, so one more makes up the whole period.
        return looksWithout == SilenceWatch.LOOKS + 1 && listener.waitsInVain();
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
        core.onConnectionLost(wire.mayHaveLeft() ? failure : wire.connectionEnded(failure));
    }

    @Override
    void endStalled(RpcException failure) {
        listener.onStalled(failure);
        // A stream that had ended before loses only its messages.
        inbound().abort(failure);
    }

    private final class Effects implements ClientStreamCore.Effects {
        @Override
        public void writeOpen() {
            connection().attach(ClientExchange.this);
            wire.writeOpen(ClientExchange.this);
        }

        @Override
        public void writeMessage(OutboundMessage message) {
            wire.writeMessage(message);
        }

        @Override
        public void discard(OutboundMessage message) {
            drop(message);
        }

        @Override
        public void writeEnd() {
            wire.writeEnd();
        }

        @Override
        public void writeReset(RpcException reason, boolean sendOpen) {
            wire.writeReset(reason, sendOpen);
        }

        @Override
        public void abandonSending() {
            wire.abandonSending();
        }

        @Override
        public void header(Metadata entries) {
            listener.onHeader(entries);
        }

        @Override
        public void deliver(InboundMessage message) {
            queue(message);
        }

        @Override
        public void discard(InboundMessage message) {
            message.release();
        }

        @Override
        public void finish(@Nullable Metadata trailer, @Nullable RpcException failure) {
            wire.forget();
            connection().detach(ClientExchange.this);
            // The listener is told the outcome before the reader is, so that whoever has received the end finds that
            // sending is over too.
            listener.onFinish(trailer, failure);
            inbound().end(failure);
            inbound().dropUnread();
            window().close();
        }
    }
}
