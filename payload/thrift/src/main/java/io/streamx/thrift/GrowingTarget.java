package io.streamx.thrift;

import io.netty.buffer.ByteBuf;

/**
 * The array that a {@link ThriftWriter} writes to, and how its bytes come into the caller's buffer: it is the array behind a
 * heap buffer; any other buffer gets the bytes in one copy at the end.
 *
 * <p>The writer extends this class, and does not hold one, because each field of each message goes to the array: that needs no
 * step from object to object.
 */
abstract sealed class GrowingTarget permits ThriftWriter {
    private static final int FIRST_BYTES = 256;

    /** The array that is written to now. {@link #require} may replace it. */
    byte[] bytes;

    /** The index in {@link #bytes} of the next byte to be written. Whoever has written moves it. */
    int position;

    private final ByteBuf target;
    private final int start;
    private boolean inTarget;
    private int limit;

    GrowingTarget(ByteBuf target) {
        this.target = target;
        start = target.writerIndex();
        inTarget = target.hasArray();
        if (inTarget) {
            bytes = target.array();
            position = target.arrayOffset() + start;
            limit = target.arrayOffset() + target.capacity();
        } else {
            bytes = new byte[FIRST_BYTES];
            limit = bytes.length;
        }
    }

    /** Makes room for {@code count} bytes from {@link #position} on, which may make {@link #bytes} another array. */
    final void require(int count) {
        if (limit - position < count) {
            grow(count);
        }
    }

    /** Makes what was written readable in the buffer. */
    final void publish() {
        if (inTarget) {
            target.writerIndex(position - target.arrayOffset());
        } else {
            target.writeBytes(bytes, 0, position);
            position = 0;
        }
    }

    /** Leaves the buffer as it was before the first byte. */
    final void takeBack() {
        target.writerIndex(start);
    }

    private void grow(int count) {
        if (!inTarget) {
            growArray(count);
            return;
        }
        // Growing a buffer keeps only what is readable, so what was written so far is made readable.
        target.writerIndex(position - target.arrayOffset());
        target.ensureWritable(count);
        if (target.hasArray()) {
            bytes = target.array();
            position = target.arrayOffset() + target.writerIndex();
            limit = target.arrayOffset() + target.capacity();
        } else {
            // A composite buffer stops having one array when it grows.
            inTarget = false;
            bytes = new byte[Math.max(FIRST_BYTES, count)];
            position = 0;
            limit = bytes.length;
        }
    }

    private void growArray(int count) {
        int needed = Math.addExact(position, count);
        byte[] larger = new byte[Math.max(needed, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8L))];
        System.arraycopy(bytes, 0, larger, 0, position);
        bytes = larger;
        limit = larger.length;
    }
}
