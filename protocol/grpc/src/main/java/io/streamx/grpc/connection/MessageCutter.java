package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.MessageArrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the DATA of one stream into messages. The memory for a message that comes in pieces is bounded by the bytes that
 * really came: up to 128 KiB it is at most eight times as many, and above that at most twice as many. A message that is
 * too large is reported once, and nothing is cut behind it.
 *
 * <p>This class knows no I/O, clock or thread.
 */
final class MessageCutter {
    /** Takes the messages. */
    interface Receiver {
        /**
         * A message has come as {@code length} bytes of {@code in}, which the caller keeps owning; {@code compressed}
         * is the flag of the message.
         */
        void onMessage(ByteBuf in, int index, int length, boolean compressed);

        /** A message has come in pieces. Takes ownership. */
        void onMessage(InboundMessage message, boolean compressed);

        /** A message has come that is larger than allowed. */
        void onOversizedMessage(long bytes);
    }

    /** The least memory for the first piece of a message. It is small, so that a flood of first bytes takes little. */
    private static final int LEAST_BYTES = 256;
    /**
     * How many times the bytes that have come of a begun message its memory may be, up to {@link #MAX_ADVANCE_BYTES}.
     */
    private static final int FIRST_FACTOR = 8;
    /**
     * The memory of a begun message up to which {@link #FIRST_FACTOR} holds; larger messages have at most twice the
     * bytes that have come.
     */
    private static final int MAX_ADVANCE_BYTES = 128 * 1024;

    private final int maxMessageBytes;
    private final Receiver receiver;

    private int prefixBytes;
    private int flag;
    private long length;
    private byte @Nullable [] body;
    private int bodyBytes;
    /** Whether nothing more is cut, because nobody would know what to make of what comes, or nobody wants it. */
    private boolean over;

    MessageCutter(int maxMessageBytes, Receiver receiver) {
        this.maxMessageBytes = maxMessageBytes;
        this.receiver = receiver;
    }

    /** Cuts the bytes of {@code in}, reading all of them. The caller keeps owning {@code in}. */
    void feed(ByteBuf in) {
        while (in.isReadable() && !over) {
            if (prefixBytes < MessagePrefix.BYTES && !readPrefix(in)) {
                return;
            }
            if (length > maxMessageBytes) {
                over = true;
                receiver.onOversizedMessage(length);
                break;
            }
            if (!readBody(in)) {
                return;
            }
        }
        in.skipBytes(in.readableBytes());
    }

    private boolean readPrefix(ByteBuf in) {
        if (prefixBytes == 0 && in.readableBytes() >= MessagePrefix.BYTES) {
            flag = in.readUnsignedByte();
            length = in.readUnsignedInt();
            prefixBytes = MessagePrefix.BYTES;
            return true;
        }
        while (in.isReadable() && prefixBytes < MessagePrefix.BYTES) {
            int next = in.readUnsignedByte();
            if (prefixBytes == 0) {
                flag = next;
                length = 0;
            } else {
                length = length << 8 | next;
            }
            prefixBytes++;
        }
        return prefixBytes == MessagePrefix.BYTES;
    }

    private boolean readBody(ByteBuf in) {
        int whole = (int) length;
        byte[] gathered = body;
        if (gathered == null && in.readableBytes() >= whole) {
            int index = in.readerIndex();
            in.skipBytes(whole);
            prefixBytes = 0;
            receiver.onMessage(in, index, whole, flag == MessagePrefix.COMPRESSED);
            return true;
        }
        int bytes = Math.min(whole - bodyBytes, in.readableBytes());
        if (bytes == 0) {
            return false;
        }
        gathered = withRoom(gathered, bytes, whole);
        body = gathered;
        in.readBytes(gathered, bodyBytes, bytes);
        bodyBytes += bytes;
        if (bodyBytes < whole) {
            return false;
        }
        body = null;
        bodyBytes = 0;
        deliver(InboundMessage.borrowed(gathered, 0, whole));
        return true;
    }

    private byte[] withRoom(byte @Nullable [] gathered, int bytes, int whole) {
        if (gathered != null && gathered.length - bodyBytes >= bytes) {
            return gathered;
        }
        long come = (long) bodyBytes + bytes;
        long allowed = Math.max(LEAST_BYTES, Math.max(2 * come, Math.min(FIRST_FACTOR * come, MAX_ADVANCE_BYTES)));
        byte[] larger = MessageArrays.take((int) Math.min(whole, allowed));
        if (gathered != null) {
            System.arraycopy(gathered, 0, larger, 0, bodyBytes);
            MessageArrays.give(gathered);
        }
        return larger;
    }

    private void deliver(InboundMessage message) {
        boolean compressed = flag == MessagePrefix.COMPRESSED;
        prefixBytes = 0;
        receiver.onMessage(message, compressed);
    }

    /** Whether a message has begun to arrive and not ended. */
    boolean isWithinMessage() {
        return prefixBytes > 0;
    }

    /** How much memory a message takes that has begun to arrive and not ended. */
    int heldBytes() {
        byte[] gathered = body;
        return gathered == null ? 0 : gathered.length;
    }

    /** Drops what has come of a message that has not ended; nothing more is cut. */
    void abandon() {
        over = true;
        byte[] gathered = body;
        if (gathered != null) {
            body = null;
            MessageArrays.give(gathered);
        }
        bodyBytes = 0;
    }

    /** How many bytes of a message are still to come; 0 when no message has begun, or its length is not known yet. */
    int missing() {
        return prefixBytes == MessagePrefix.BYTES && !over ? (int) length - bodyBytes : 0;
    }
}
