package io.streamx.engine;

import io.streamx.RpcException;
import org.jspecify.annotations.Nullable;

/** How one stream of a client looks on its wire. Buffers are made on the sender's thread, all else on the event loop. */
public interface ClientWire {
    /** The errors of this wire. */
    Failures failures();

    /** Told what the stream's user reads; null where the wire has no flow control of its own. */
    default @Nullable ReadCredit readCredit() {
        return null;
    }

    /** An empty message, its framing in front. On the sender's thread. */
    OutboundMessage newMessage(int expectedBytes);

    /**
     * Completes the framing of an encoded message. On the sender's thread.
     *
     * @throws RpcException when it is larger than allowed
     */
    void complete(OutboundMessage message);

    /** Whether messages completed from now on are compressed, where the wire does that. On the sender's thread. */
    default void compressMessages(boolean compress) {}

    /**
     * The payload of a message that came: itself unless it is compressed. On the reader's thread; takes ownership.
     *
     * @throws RpcException when it cannot be decompressed, or becomes larger than allowed; it has been released then
     */
    default InboundMessage decompress(InboundMessage message) {
        return message;
    }

    /** Writes the opening. From now on {@code exchange} is told what comes for this stream. */
    void writeOpen(ClientExchange exchange);

    /** Writes a message and, when its bytes have left, reports that to {@link Exchange#written}. Takes ownership. */
    void writeMessage(OutboundMessage message);

    /** Writes the end of the caller's messages. */
    void writeEnd();

    /** Writes that the stream was given up; {@code sendOpen}: {@link #writeEnd} was not called. */
    void writeReset(RpcException reason, boolean sendOpen);

    /** The peer ended the stream before {@link #writeEnd}. */
    void abandonSending();

    /** The stream is over: nothing more is told to its exchange. */
    void forget();
}
