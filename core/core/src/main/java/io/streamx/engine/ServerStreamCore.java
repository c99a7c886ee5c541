package io.streamx.engine;

import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * The states of a stream at the serving end. This class knows no I/O, clock, lock or thread. It is told what happened,
 * in order, and says through {@link Effects} what follows.
 *
 * <pre>
 * HEADER_UNSENT --sendHeader, send--> HEADER_SENT
 *       |                                 |
 *       +--- finish, reset, connection lost ---> DONE
 * </pre>
 *
 * <p>Whether the caller may still send is a second, independent state: it changes nothing of what may be written.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "6. Server states".
 */
public final class ServerStreamCore {
    /** What the stream does to the wire and to its handler. */
    public interface Effects {
        /** Writes the header entries. */
        void writeHeader();

        /** Writes one encoded message. Takes ownership. */
        void writeMessage(OutboundMessage message);

        /** Drops an encoded message that may no longer be written. Takes ownership. */
        void discard(OutboundMessage message);

        /** Writes the end of the stream: the trailer entries, and the failure if there is one. */
        void writeTrailer(@Nullable Throwable failure);

        /** Hands on a message. Takes ownership. */
        void deliver(InboundMessage message);

        /** Drops a message that came too late. Takes ownership. */
        void discard(InboundMessage message);

        /** No more messages come; a failure is what the handler gets instead of the end. */
        void receiveEnd(@Nullable RpcException failure);

        /** The caller or the connection ended the stream under its handler. */
        void interrupt(RpcException failure);

        /** The stream is over and may be forgotten. Called once, after all other effects. */
        void finished();
    }

    private enum State {
        HEADER_UNSENT,
        HEADER_SENT,
        DONE
    }

    private enum Remote {
        OPEN,
        HALF_CLOSED
    }

    private final Effects effects;
    private State state = State.HEADER_UNSENT;
    private Remote remote = Remote.OPEN;

    /** A stream whose opening has just been read. */
    public ServerStreamCore(Effects effects) {
        this.effects = effects;
    }

    /** The handler wants its header on the wire now. */
    public void sendHeader() {
        if (state == State.HEADER_UNSENT) {
            state = State.HEADER_SENT;
            effects.writeHeader();
        }
    }

    /** The handler sends a message; the header goes before the first. Takes ownership. */
    public void send(OutboundMessage message) {
        if (state == State.DONE) {
            effects.discard(message);
            return;
        }
        sendHeader();
        effects.writeMessage(message);
    }

    /** The handler has returned, or failed. After a reset nothing is written: a late header would harm Kitex clients. */
    public void finish(@Nullable Throwable failure) {
        if (state == State.DONE) {
            return;
        }
        sendHeader();
        effects.writeTrailer(failure);
        done();
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
        return state != State.DONE && remote == Remote.OPEN;
    }

    /** The caller sends no more messages. */
    public void onEnd(@Nullable RpcException failure) {
        if (state != State.DONE && remote == Remote.OPEN) {
            remote = Remote.HALF_CLOSED;
            effects.receiveEnd(failure);
        }
    }

    /** The caller gave the stream up, or the connection is gone. */
    public void onReset(RpcException failure) {
        if (state != State.DONE) {
            effects.interrupt(failure);
            done();
        }
    }

    private void done() {
        state = State.DONE;
        effects.finished();
    }
}
