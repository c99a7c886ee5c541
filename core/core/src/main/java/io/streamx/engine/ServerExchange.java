package io.streamx.engine;

import io.netty.buffer.ByteBuf;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ServerStreamEvents;
import io.streamx.wire.ServerWire;
import io.streamx.wire.Thrown;
import org.jspecify.annotations.Nullable;

/** A stream of a server on its connection. Wire modules report what came by calling the {@code on} methods. */
public final class ServerExchange extends Exchange implements ServerStreamEvents {
    /** What the blocking stream is told, on the event loop. */
    interface Listener {
        /** The call that the stream carries. */
        CallInfo call();

        /** The entries to be sent as header, as they stand now. */
        Metadata headerEntries();

        /** The entries to be sent as trailer. */
        Metadata trailerEntries();

        /** Whether {@code failure} came from the handler itself. */
        boolean isHandlerFailure(Throwable failure);

        /** Nothing more is written or received. Called once. */
        void onFinished();

        /** Caller or connection ended the stream under the handler. */
        void onInterrupt(RpcException failure);
    }

    private final ServerWire wire;
    private final Listener listener;
    private long activity;
    private final ServerStreamCore core = new ServerStreamCore(new Effects());

    ServerExchange(StreamConnection connection, ServerWire wire, Listener listener) {
        super(connection, wire.readCredit());
        this.wire = wire;
        this.listener = listener;
    }

    // ---- handler's threads ----

    void sendHeader() {
        connection().outbound().offer(core::sendHeader);
    }

    void finish(@Nullable Throwable failure) {
        connection().outbound().offer(() -> core.finish(failure));
    }

    @Override
    public CallInfo call() {
        return listener.call();
    }

    @Override
    ServerWire wire() {
        return wire;
    }

    // ---- event loop ----

    @Override
    void send(OutboundMessage message) {
        core.send(message);
    }

    @Override
    public void onMessage(InboundMessage message) {
        core.onMessage(message);
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length) {
        if (core.receives()) {
            activity++;
            queue(in, index, length);
        }
    }

    @Override
    public void onEnd(@Nullable RpcException failure) {
        core.onEnd(failure);
    }

    @Override
    public void onReset(RpcException failure) {
        core.onReset(failure);
    }

    @Override
    void onConnectionLost(RpcException failure) {
        core.onReset(failure);
    }

    /**
     * This side ends the stream, handler and all, because of a limit of time. Nothing that was sent is lost: the handler
     * may still take the messages that have come, and the caller gets the messages of the handler before the failure.
     */
    void fail(RpcException failure) {
        // The end is queued before the handler hears of it, because what an interrupted handler throws is not the
        // outcome.
        finish(failure);
        listener.onInterrupt(failure);
        inbound().end(failure);
        window().close();
    }

    /** How many messages of both directions the event loop has seen so far. */
    long activity() {
        return activity;
    }

    @Override
    void endStalled(RpcException failure) {
        // Handler and caller are told at once, since the handler may be doing anything but receiving. The messages are
        // dropped, since they hold up the other streams.
        listener.onInterrupt(failure);
        inbound().abort(failure);
        window().close();
        core.finish(failure);
        connection().flush();
    }

    /** This side gives up a stream whose caller takes nothing: what waits for it is dropped. Any thread. */
    void giveUp(RpcException failure) {
        connection().execute(() -> {
            wire.reset(failure);
            core.onReset(failure);
            connection().flush();
        });
    }

    private final class Effects implements ServerStreamCore.Effects {
        @Override
        public void writeHeader() {
            wire.writeHeader(listener.headerEntries());
        }

        @Override
        public void writeMessage(OutboundMessage message) {
            activity++;
            wire.writeMessage(message);
        }

        @Override
        public void discard(OutboundMessage message) {
            drop(message);
        }

        @Override
        public void writeTrailer(@Nullable Throwable failure) {
            try {
                wire.writeTrailer(
                        listener.trailerEntries(), failure, failure != null && listener.isHandlerFailure(failure));
            } catch (RuntimeException | Error untold) {
                // Without a trailer the caller would wait for ever. The exception that cannot be told may be of the
                // user's own class.
                wire.writeTrailer(
                        Metadata.EMPTY,
                        new RpcException("the outcome cannot be told: " + Thrown.text(untold), untold),
                        false);
            }
        }

        @Override
        public void deliver(InboundMessage message) {
            activity++;
            queue(message);
        }

        @Override
        public void discard(InboundMessage message) {
            message.release();
        }

        @Override
        public void receiveEnd(@Nullable RpcException failure) {
            inbound().end(failure);
        }

        @Override
        public void interrupt(RpcException failure) {
            listener.onInterrupt(failure);
            inbound().end(failure);
            window().close();
        }

        @Override
        public void finished() {
            wire.forget();
            connection().detach(ServerExchange.this);
            inbound().dropUnread();
            listener.onFinished();
        }
    }
}
