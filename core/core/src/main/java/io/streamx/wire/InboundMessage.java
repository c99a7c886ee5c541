package io.streamx.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * The bytes of one received message, on the heap, so that an unread message holds no part of a read buffer.
 */
public final class InboundMessage extends UnpooledHeapByteBuf {
    /** What a message that is queued as it is costs beside its bytes, roughly. */
    public static final int OVERHEAD_BYTES = 128;

    private final boolean borrowed;
    private boolean compressed;

    private InboundMessage(byte[] bytes, boolean borrowed) {
        super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.length);
        this.borrowed = borrowed;
    }

    /** Copies {@code length} bytes; the caller keeps owning {@code in}, whose indices do not move. */
    public static InboundMessage copyOf(ByteBuf in, int index, int length) {
        byte[] bytes = MessageArrays.take(length);
        in.getBytes(index, bytes, 0, length);
        return borrowed(bytes, 0, length);
    }

    /**
     * A message like that of {@link #of}, in an array of {@link MessageArrays}, to which the array returns when the
     * message is released.
     */
    public static InboundMessage borrowed(byte[] bytes, int index, int length) {
        InboundMessage message = new InboundMessage(bytes, true);
        message.setIndex(index, index + length);
        return message;
    }

    /** The bytes {@code index} to {@code index + length} of an array that nobody else keeps or changes. */
    public static InboundMessage of(byte[] bytes, int index, int length) {
        InboundMessage message = new InboundMessage(bytes, false);
        message.setIndex(index, index + length);
        return message;
    }

    @Override
    protected void freeArray(byte[] array) {
        if (borrowed) {
            MessageArrays.give(array);
        }
    }

    /** Says that the bytes are compressed, before the message is handed on as it is. */
    public void markCompressed() {
        compressed = true;
    }

    /** Whether the bytes are compressed. */
    public boolean isCompressed() {
        return compressed;
    }
}
