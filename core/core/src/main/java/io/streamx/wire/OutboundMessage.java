package io.streamx.wire;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * The bytes of one message to be sent, framed for its wire on the sender's thread; or of several messages of one stream
 * that are on their way together, one after the other.
 */
public final class OutboundMessage extends UnpooledHeapByteBuf {
    /** Whether the array belongs to somebody else. */
    private final boolean shown;

    private int framing;
    private int cost;

    /** An empty buffer for about {@code expectedBytes}. */
    public OutboundMessage(int expectedBytes) {
        super(UnpooledByteBufAllocator.DEFAULT, expectedBytes, Integer.MAX_VALUE);
        shown = false;
    }

    /**
     * The messages that lie in {@code bytes} from {@code from} to {@code to}. These bytes do not change until this is
     * released.
     */
    public OutboundMessage(byte[] bytes, int from, int to) {
        super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.length);
        shown = true;
        setIndex(from, to);
        freeze();
    }

    @Override
    protected byte[] allocateArray(int initialCapacity) {
        return MessageArrays.take(initialCapacity);
    }

    @Override
    protected void freeArray(byte[] array) {
        if (!shown) {
            MessageArrays.give(array);
        }
    }

    /** Says that all that this holds so far is framing, and that the message itself follows. */
    public void framed() {
        framing = readableBytes();
    }

    /** The size of the message without the framing in front of it. */
    public int payloadBytes() {
        return readableBytes() - framing;
    }

    /** Says that the message is complete. */
    public void freeze() {
        cost = readableBytes();
    }

    /** How much this counts towards the limit of unsent bytes, which does not change when the bytes are read. */
    public int cost() {
        return cost;
    }
}
