package io.streamx.wire;

import org.jspecify.annotations.Nullable;

/** What the two ends of a stream have in common on their wire. Messages are made on the sender's thread, all else on the event loop. */
public sealed interface StreamWire permits ClientWire, ServerWire {
    /** The errors of this wire. */
    Failures failures();

    /** What is told how much the stream's user reads; null where the wire has no flow control of its own. */
    default @Nullable ReadCredit readCredit() {
        return null;
    }

    /** Appends the framing that goes in front of a message. On the sender's thread. */
    void begin(OutboundMessage empty);

    /**
     * Completes the framing of an encoded message. On the sender's thread; the caller keeps owning {@code message}.
     *
     * @throws io.streamx.RpcException or IllegalArgumentException when the message is larger than allowed
     */
    void complete(OutboundMessage message);

    /**
     * Says whether messages that are completed from now on are compressed, where the wire compresses. On the sender's
     * thread.
     */
    default void compressMessages(boolean compress) {}

    /**
     * Decompresses a message. On the reader's thread. The caller keeps owning {@code compressed}, and owns what is
     * returned.
     *
     * @throws io.streamx.RpcException when the message cannot be decompressed, or becomes larger than allowed
     */
    default InboundMessage decompress(InboundMessage compressed) {
        throw new IllegalStateException("a compressed message on a wire that has none");
    }

    /**
     * Writes one or more whole messages and, when their bytes have left, reports that to the stream's {@code written}
     * ({@link ClientStreamEvents#written}, {@link ServerStreamEvents#written}). Takes ownership.
     */
    void writeMessage(OutboundMessage messages);

    /** The stream is over: nothing more is told to its exchange. */
    void forget();
}
