package io.streamx.engine;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message to be sent, framed for its wire on the sender's thread. Also the element of the queue it
 * waits in, which saves an object per message.
 */
public final class OutboundMessage extends UnpooledHeapByteBuf {
    /** What a queued message costs beside its bytes, roughly. */
    static final int OVERHEAD_BYTES = 128;

    private @Nullable Exchange exchange;
    private int cost;

    /** An empty buffer for about {@code expectedBytes}; it grows up to {@code maxBytes}. */
    public OutboundMessage(int expectedBytes, int maxBytes) {
        super(UnpooledByteBufAllocator.DEFAULT, Math.min(expectedBytes, maxBytes), maxBytes);
    }

    /** Says whose message it is, once it is complete. */
    void belongTo(Exchange owner) {
        exchange = owner;
        cost = readableBytes() + OVERHEAD_BYTES;
    }

    /** What this message counts towards the limit of unsent bytes; it does not change when the bytes are read. */
    public int cost() {
        return cost;
    }

    /** Carries the message on, on the event loop. Gives up ownership. */
    void send() {
        Exchange owner = exchange;
        if (owner == null) {
            throw new IllegalStateException("message belongs to no stream");
        }
        owner.send(this);
    }
}
