package io.streamx.engine;

import io.streamx.RpcException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one stream of a server looks on its wire. Buffers are made on the sender's thread, all else on the event loop. */
public interface ServerWire {
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

    /**
     * Checks entries a handler wants to send. On the handler's thread.
     *
     * @throws IllegalArgumentException naming the entry this wire cannot carry
     */
    void checkEntries(Map<String, String> entries);

    /** Writes the header entries. */
    void writeHeader(Map<String, String> entries);

    /** Writes a message and, when its bytes have left, reports that to {@link Exchange#written}. Takes ownership. */
    void writeMessage(OutboundMessage message);

    /**
     * Writes the end of the stream.
     *
     * @param fromHandler whether {@code failure} is the handler's own, not a middleware's or the runtime's
     */
    void writeTrailer(Map<String, String> entries, @Nullable Throwable failure, boolean fromHandler);

    /** The stream is over: nothing more is told to its exchange. */
    void forget();
}
