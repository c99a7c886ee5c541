package io.streamx.engine;

import io.netty.buffer.ByteBuf;
import io.streamx.CallInfo;
import io.streamx.RpcException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream of a client on its connection. Wire modules report what came by calling the {@code on} methods. */
public final class ClientExchange extends Exchange {
    /** What the blocking stream is told, on the event loop. */
    interface Listener {
        void onHeader(Map<String, String> entries);

        void onFinish(@Nullable Map<String, String> trailer, @Nullable RpcException failure);

        /** This side gives the stream up unless it has ended. */
        void onStalled(RpcException failure);
    }

    private final CallInfo call;
    private final ClientWire wire;
    private final Listener listener;
    private final ClientStreamCore core = new ClientStreamCore(new Effects());

    ClientExchange(StreamConnection connection, CallInfo call, ClientWire wire, Listener listener) {
        super(connection);
        this.call = call;
        this.wire = wire;
        this.listener = listener;
    }

    // ---- caller's threads ----

    void open() {
        if (!connection().outbound().offer(this::openNow)) {
            // The event loop has ended, and the connection before it.
            RpcException lost = connection().lostBecause();
            RpcException failure = lost != null ? lost : failures().canceled("client was closed");
            listener.onFinish(null, failure);
            inbound().end(failure);
            window().close();
        }
    }

    void closeSend() {
        connection().outbound().offer(core::closeSend);
    }

    /** Gives the stream up; what is queued for sending is dropped, so this does not wait for its turn. */
    void cancel(RpcException reason) {
        connection().execute(() -> {
            core.cancel(reason);
            connection().flush();
        });
    }

    /** Which call this is. */
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
            core.onConnectionLost(lost);
        } else {
            core.open();
        }
        connection().unreserve();
    }

    @Override
    void send(OutboundMessage message) {
        core.send(message);
    }

    /**
     * The server's header.
     *
     * @return false when it is the second one, which breaks the protocol
     */
    public boolean onHeader(Map<String, String> entries) {
        return core.onHeader(entries);
    }

    /** A message. Takes ownership. */
    public void onMessage(InboundMessage message) {
        core.onMessage(message);
    }

    /** A message: {@code length} bytes of {@code in}, which stays the caller's and is copied. */
    public void onMessage(ByteBuf in, int index, int length) {
        if (core.receives()) {
            queue(in, index, length);
        }
    }

    /** The server ended the stream. */
    public void onEnd(Map<String, String> trailer, @Nullable RpcException failure) {
        core.onEnd(trailer, failure);
    }

    /** The stream was reset by the peer or something between. */
    public void onReset(RpcException failure) {
        core.onReset(failure);
    }

    /** This side gives the stream up, because of what came for it. */
    public void fail(RpcException failure) {
        core.cancel(failure);
    }

    @Override
    public void onConnectionLost(RpcException failure) {
        core.onConnectionLost(failure);
    }

    @Override
    void endStalled(RpcException failure) {
        listener.onStalled(failure);
        // Of a stream that had ended before, the messages alone are lost.
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
        public void header(Map<String, String> entries) {
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
        public void finish(@Nullable Map<String, String> trailer, @Nullable RpcException failure) {
            wire.forget();
            connection().detach(ClientExchange.this);
            // The outcome first: whoever has received the end finds that sending is over too.
            listener.onFinish(trailer, failure);
            inbound().end(failure);
            inbound().dropUnread();
            window().close();
        }
    }
}
