package io.streamx.wire;

import org.jspecify.annotations.Nullable;

/** What the two ends of a stream have in common on their wire. Messages are made on the sender's thread, all else on the event loop. */
public sealed interface StreamWire permits ClientWire, ServerWire {
    /** The errors of this wire. */
    Failures failures();

    /** Told what the stream's user reads; null where the wire has no flow control of its own. */
    default @Nullable ReadCredit readCredit() {
        return null;
    }

    /** Appends the framing that goes in front of a message. On the sender's thread. */
    void begin(OutboundMessage empty);

    /**
     * Completes the framing of an encoded message. On the sender's thread; the caller keeps owning it.
     *
     * @throws io.streamx.RpcException or IllegalArgumentException when it is larger than allowed
     */
    void complete(OutboundMessage message);

    /** Whether messages completed from now on are compressed, where the wire does that. On the sender's thread. */
    default void compressMessages(boolean compress) {}

    /**
     * What a message holds that came compressed. On the reader's thread; the message stays the caller's, what is returned
     * becomes it.
     *
     * @throws io.streamx.RpcException when it cannot be decompressed, or becomes larger than allowed
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
