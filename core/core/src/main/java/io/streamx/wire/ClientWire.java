package io.streamx.wire;

import io.streamx.RpcException;

/**
 * How one stream of a client looks on its wire. Methods are for the event loop, unless {@link StreamWire} says
 * otherwise.
 */
public non-sealed interface ClientWire extends StreamWire {
    /** Whether the one reply of a client stream counts only when the stream ends well after it. */
    default boolean endDecides() {
        return false;
    }

    /** Writes the opening. From now on {@code stream} is told what comes for it. */
    void writeOpen(ClientStreamEvents stream);

    /** Whether the peer may have seen the opening, once it was written; false where it waits for room on the connection. */
    default boolean mayHaveLeft() {
        return true;
    }

    /**
     * The failure of a stream of which nothing has left, and nothing will: it says so ({@link NotSentException}) where the
     * wire has an error for it.
     */
    default RpcException connectionEnded(RpcException failure) {
        return failures().notProcessed(failure);
    }

    /** Writes the end of the caller's messages. */
    void writeEnd();

    /** Writes that the stream was given up; {@code sendOpen} says that {@link #writeEnd} was not called. */
    void writeReset(RpcException reason, boolean sendOpen);

    /** The peer ended the stream before {@link #writeEnd}. */
    void abandonSending();
}
