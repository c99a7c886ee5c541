package io.streamx.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * The bytes of one received message, on the heap, so that an unread message holds no part of a read buffer.
 */
public final class InboundMessage extends UnpooledHeapByteBuf {
    /** What one that is queued as it is costs beside its bytes, roughly. */
    public static final int OVERHEAD_BYTES = 128;

    private boolean compressed;

    private InboundMessage(byte[] bytes) {
        super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.length);
    }

    /** Copies {@code length} bytes; the caller keeps owning {@code in}, whose indices do not move. */
    public static InboundMessage copyOf(ByteBuf in, int index, int length) {
        byte[] bytes = new byte[length];
        in.getBytes(index, bytes);
        return new InboundMessage(bytes);
    }

    /** The bytes {@code index} to {@code index + length} of an array that nobody else keeps or changes. */
    public static InboundMessage of(byte[] bytes, int index, int length) {
        InboundMessage message = new InboundMessage(bytes);
        message.setIndex(index, index + length);
        return message;
    }

    /** Says that the bytes are compressed; before the message is handed on, as it is. */
    public void markCompressed() {
        compressed = true;
    }

    /** Whether the bytes are compressed. */
    public boolean isCompressed() {
        return compressed;
    }
}
