package io.streamx.engine.flow;

import io.netty.buffer.ByteBuf;
import io.streamx.wire.InboundMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The received messages of one stream, in order: small ones side by side in chunks, large ones as they are. There is
 * one producer, the event loop, and one consumer at a time. The two threads are mostly on two processors, and an array
 * read from front to back crosses between them several times cheaper than an object to a message does.
 */
final class InboundMessages {
    /** What a message costs in a chunk beside its bytes, which is the place for its length. */
    static final int PREFIX_BYTES = 4;
    /**
     * The largest message that is copied into a chunk. A larger one costs more to copy than an object of its own does.
     */
    static final int MAX_COPIED_BYTES = 2 * 1024;

    private static final int MIN_CHUNK_BYTES = 256;
    /** The largest chunk. A stream keeps one chunk while it is idle, and may be one of many streams. */
    private static final int MAX_CHUNK_BYTES = 4 * 1024;

    private static final byte[] NONE = new byte[0];

    private static final VarHandle WRITTEN;
    private static final VarHandle DONE;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(Chunk.class, "written", int.class);
            DONE = lookup.findVarHandle(Chunk.class, "done", int.class);
            NEXT = lookup.findVarHandle(Chunk.class, "next", Chunk.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * A piece of the queue. Positions count all bytes that ever went through the chunk, and wrap around; {@code origin}
     * is the position of the first byte of the array.
     */
    private static final class Chunk {
        final byte[] bytes;
        /**
         * The one message that the chunk holds; or an object that shows one message of {@link #bytes} after the other.
         */
        final InboundMessage message;

        final boolean isWhole;

        // Written by the producer.
        private int origin;
        private volatile int written;
        private volatile @Nullable Chunk next;

        // Written by the consumer.
        private int taken;
        /** The value of {@link #written} that the consumer saw last. */
        private int seen;

        private volatile int done;

        Chunk(int capacity) {
            bytes = new byte[capacity];
            message = InboundMessage.of(bytes, 0, 0);
            isWhole = false;
        }

        Chunk(InboundMessage whole) {
            bytes = NONE;
            message = whole;
            isWhole = true;
            written = 1;
        }
    }

    private Chunk tail;
    private Chunk head;
    private int nextChunkBytes = MIN_CHUNK_BYTES;

    InboundMessages() {
        Chunk first = new Chunk(0);
        tail = first;
        head = first;
    }

    // ---- producer ----

    /** Appends a message as it is. Takes ownership. */
    void append(InboundMessage whole) {
        link(new Chunk(whole));
    }

    /** Appends a copy of {@code length} bytes of {@code in}, whose indices do not move. */
    void append(ByteBuf in, int index, int length) {
        int needed = PREFIX_BYTES + length;
        Chunk chunk = tail;
        int written = (int) WRITTEN.get(chunk);
        int at = written - chunk.origin;
        if (needed <= chunk.bytes.length - at) {
            put(chunk, at, in, index, length);
            WRITTEN.setRelease(chunk, written + needed);
        } else if (needed <= chunk.bytes.length && (int) DONE.getAcquire(chunk) == written) {
            // The consumer has taken all of the chunk, so writing begins at the front again.
            chunk.origin = written;
            put(chunk, 0, in, index, length);
            WRITTEN.setRelease(chunk, written + needed);
        } else {
            Chunk fresh = new Chunk(Math.max(needed, nextChunkBytes));
            nextChunkBytes = Math.min(2 * nextChunkBytes, MAX_CHUNK_BYTES);
            put(fresh, 0, in, index, length);
            WRITTEN.set(fresh, needed);
            link(fresh);
        }
    }

    private static void put(Chunk chunk, int at, ByteBuf in, int index, int length) {
        byte[] bytes = chunk.bytes;
        bytes[at] = (byte) (length >>> 24);
        bytes[at + 1] = (byte) (length >>> 16);
        bytes[at + 2] = (byte) (length >>> 8);
        bytes[at + 3] = (byte) length;
        in.getBytes(index, bytes, at + PREFIX_BYTES, length);
    }

    private void link(Chunk fresh) {
        Chunk last = tail;
        tail = fresh;
        NEXT.setRelease(last, fresh);
    }

    // ---- consumer ----

    /**
     * The next message, to be given to {@link #done} before the next call; null when there is none.
     */
    @Nullable
    InboundMessage poll() {
        while (true) {
            Chunk chunk = head;
            if (chunk.seen != chunk.taken) {
                // While there is something to take, the fields of the producer are not read, because the producer is
                // writing them.
                return take(chunk);
            }
            Chunk after = (Chunk) NEXT.getAcquire(chunk);
            // This is read after the link to the next chunk, so that all is seen that was appended before the producer
            // left the chunk.
            chunk.seen = (int) WRITTEN.getAcquire(chunk);
            if (chunk.seen != chunk.taken) {
                return take(chunk);
            }
            if (after == null) {
                return null;
            }
            head = after;
        }
    }

    private static InboundMessage take(Chunk chunk) {
        if (chunk.isWhole) {
            chunk.taken = 1;
            return chunk.message;
        }
        byte[] bytes = chunk.bytes;
        int at = chunk.taken - chunk.origin;
        int length = (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
        chunk.taken += PREFIX_BYTES + length;
        InboundMessage message = chunk.message;
        message.setIndex(at + PREFIX_BYTES, at + PREFIX_BYTES + length);
        return message;
    }

    /**
     * Says that the message which {@link #poll} returned is not looked at any more, so that its place may be used
     * again.
     */
    void done() {
        Chunk chunk = head;
        if (chunk.isWhole) {
            chunk.message.release();
        } else {
            DONE.setRelease(chunk, chunk.taken);
        }
    }

    /** How much the message that was polled last counts towards the limits. To be asked before {@link #done}. */
    int cost() {
        Chunk chunk = head;
        return chunk.isWhole ? costOf(chunk.message) : costOf(chunk.message.readableBytes());
    }

    /** Whether there is a message to {@link #poll}. */
    boolean isEmpty() {
        Chunk chunk = head;
        // A chunk behind this one holds a message, since an empty chunk is never linked.
        return chunk.seen == chunk.taken
                && NEXT.getAcquire(chunk) == null
                && (int) WRITTEN.getAcquire(chunk) == chunk.taken;
    }

    /** How much a message that is appended as it is counts towards the limits. */
    static int costOf(InboundMessage whole) {
        return whole.capacity() + InboundMessage.OVERHEAD_BYTES;
    }

    /** How much a message of {@code length} bytes that is appended as a copy counts towards the limits. */
    static int costOf(int length) {
        return PREFIX_BYTES + length;
    }
}
