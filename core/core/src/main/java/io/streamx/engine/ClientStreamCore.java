package io.streamx.engine;

import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * The states of a stream at the calling end. This class knows no I/O, clock, lock or thread. It is told what happened,
 * in order, and says through {@link Effects} what follows.
 *
 * <pre>
 * UNOPENED --open--> OPEN --closeSend--> HALF_CLOSED
 *     |                |                     |
 *     +----cancel------+--- end, reset, cancel, connection lost --> DONE
 * </pre>
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "5. Client states"; gRPC differs in what the effects write, not in
 * the states.
 */
public final class ClientStreamCore {
    /** What the stream does to the wire and to its user. */
    public interface Effects {
        /** Writes what begins the stream. */
        void writeOpen();

        /** Writes one encoded message. Takes ownership. */
        void writeMessage(OutboundMessage message);

        /** Drops an encoded message that may no longer be written. Takes ownership. */
        void discard(OutboundMessage message);

        /** Writes the end of the caller's messages. */
        void writeEnd();

        /**
         * Tells the peer that the stream was given up; {@code sendOpen} says that the caller's messages had not ended.
         */
        void writeReset(RpcException reason, boolean sendOpen);

        /** The peer ended the stream while the caller's messages had not ended. */
        void abandonSending();

        /** Hands on the peer's header entries. */
        void header(Metadata entries);

        /** Hands on a message. Takes ownership. */
        void deliver(InboundMessage message);

        /** Drops a received message that came too late. Takes ownership. */
        void discard(InboundMessage message);

        /**
         * The stream is over; called once. A null failure is the clean end.
         *
         * @param trailer the peer's trailer entries; null when the end was not the peer's trailer
         */
        void finish(@Nullable Metadata trailer, @Nullable RpcException failure);
    }

    private enum State {
        UNOPENED,
        OPEN,
        HALF_CLOSED,
        DONE
    }

    /**
     * How far the peer has got, which is independent of the state of this end: the header may come in any state but the
     * last.
     */
    private enum Peer {
        SILENT,
        HEADER_SEEN
    }

    private final Effects effects;
    private State state = State.UNOPENED;
    private Peer peer = Peer.SILENT;

    /** A stream that has not begun. */
    public ClientStreamCore(Effects effects) {
        this.effects = effects;
    }

    /** Begins the stream, unless it was cancelled before. */
    public void open() {
        if (state == State.UNOPENED) {
            state = State.OPEN;
            effects.writeOpen();
        }
    }

    /** The caller sends a message. Takes ownership. */
    public void send(OutboundMessage message) {
        if (state == State.OPEN) {
            effects.writeMessage(message);
        } else {
            effects.discard(message);
        }
    }

    /** The caller sends no more messages. */
    public void closeSend() {
        if (state == State.OPEN) {
            state = State.HALF_CLOSED;
            effects.writeEnd();
        }
    }

    /** The caller, a timer or the enclosing call gives the stream up. */
    public void cancel(RpcException reason) {
        switch (state) {
            case UNOPENED -> finish(null, reason);
            case OPEN -> {
                effects.writeReset(reason, true);
                finish(null, reason);
            }
            case HALF_CLOSED -> {
                effects.writeReset(reason, false);
                finish(null, reason);
            }
            case DONE -> {}
        }
    }

    /**
     * The peer's header came.
     *
     * @return false when it is the second one, which breaks the protocol
     */
    public boolean onHeader(Metadata entries) {
        if (state == State.DONE) {
            return true;
        }
        if (peer == Peer.HEADER_SEEN) {
            return false;
        }
        peer = Peer.HEADER_SEEN;
        effects.header(entries);
        return true;
    }

    /** A message came. Takes ownership. */
    public void onMessage(InboundMessage message) {
        if (receives()) {
            effects.deliver(message);
        } else {
            effects.discard(message);
        }
    }

    /** Whether a message that comes now is handed on. */
    public boolean receives() {
        return state != State.DONE;
    }

    /** The peer ended the stream, well or with a failure. */
    public void onEnd(Metadata trailer, @Nullable RpcException failure) {
        if (state != State.DONE) {
            endedByPeer(trailer, failure);
        }
    }

    /** The peer, or something between, reset the stream. */
    public void onReset(RpcException failure) {
        if (state != State.DONE) {
            endedByPeer(null, failure);
        }
    }

    /** The connection is gone. */
    public void onConnectionLost(RpcException failure) {
        if (state != State.DONE) {
            finish(null, failure);
        }
    }

    private void endedByPeer(@Nullable Metadata trailer, @Nullable RpcException failure) {
        if (state == State.OPEN) {
            effects.abandonSending();
        }
        finish(trailer, failure);
    }

    private void finish(@Nullable Metadata trailer, @Nullable RpcException failure) {
        state = State.DONE;
        effects.finish(trailer, failure);
    }
}
