package io.streamx.net;

import io.streamx.RpcException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Room for messages that came compressed, from the moment they are inflated until they have been decoded: a few bytes
 * may become as many as a message may have, on as many threads as there are streams. A thread that finds no room waits
 * for those that hold room. When no thread holds room, one is let in however much it needs. Safe from any thread that
 * is not an event loop's.
 */
public final class Inflating {
    /** How many bytes a deflated byte becomes at the most. */
    private static final long MAX_RATIO = 1032;

    private static final long LEAST_BYTES = 8 << 20;
    private static final int HEAP_PART = 8;
    private static final Inflating SHARED =
            new Inflating(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART));

    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private long held;

    Inflating(long limit) {
        this.limit = limit;
    }

    /** The room of this process. */
    public static Inflating shared() {
        return SHARED;
    }

    /** Room that is held until it is closed, by the same thread. */
    public final class Room implements AutoCloseable {
        private final long bytes;

        private Room(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                held -= bytes;
                left.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for room to inflate {@code compressedBytes}, which may become {@code maxBytes} at most.
     *
     * @throws RpcException when the thread is interrupted, which it stays
     */
    public Room enter(int compressedBytes, int maxBytes) {
        long bytes = Math.min(maxBytes, MAX_RATIO * compressedBytes);
        lock.lock();
        try {
            while (held > 0 && held + bytes > limit) {
                left.await();
            }
            held += bytes;
            return new Room(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException("thread was interrupted while it waited for memory to decompress a message", e);
        } finally {
            lock.unlock();
        }
    }
}
