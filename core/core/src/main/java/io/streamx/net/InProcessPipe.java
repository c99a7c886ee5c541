package io.streamx.net;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection within the process: the bytes that one end has written and the other has not read, of which
 * there are at most {@value #CAPACITY_BYTES}. It behaves as the two buffers of a socket do: a writer finds no room when the
 * reader does not read, what was written is read before the end is, and a writer whose reader has gone is told so. One
 * thread writes and one reads; each is the event loop of its channel.
 */
final class InProcessPipe {
    /** About what Linux gives the two buffers of a local connection at first. */
    static final int CAPACITY_BYTES = 256 << 10;

    private final Deque<ByteBuf> unread = new ArrayDeque<>();
    private int bytes;
    private boolean ended;
    private boolean broken;
    private @Nullable Runnable reader;
    private @Nullable Runnable writer;

    /**
     * How many bytes may be written now.
     *
     * @throws IOException when nobody will read them
     */
    synchronized int room() throws IOException {
        if (broken) {
            throw new IOException("the peer has closed the connection within the process");
        }
        return CAPACITY_BYTES - bytes;
    }

    /** Writes these bytes, for which there is room. Takes ownership. */
    void write(ByteBuf piece) {
        Runnable waiting;
        synchronized (this) {
            if (broken || ended) {
                piece.release();
                return;
            }
            unread.add(piece);
            bytes += piece.readableBytes();
            waiting = reader;
            reader = null;
        }
        wake(waiting);
    }

    /** Has {@code step} run once when there is room again; says false when there is room already, or never will be. */
    synchronized boolean awaitRoom(Runnable step) {
        if (broken || bytes < CAPACITY_BYTES) {
            return false;
        }
        writer = step;
        return true;
    }

    /** The next bytes, which are the caller's then; null when there are none now. */
    @Nullable
    ByteBuf read() {
        ByteBuf piece;
        Runnable waiting = null;
        synchronized (this) {
            piece = unread.poll();
            if (piece == null) {
                return null;
            }
            bytes -= piece.readableBytes();
            if (bytes <= CAPACITY_BYTES / 2) {
                // Not at the first byte of room, because the two ends would then take turns over small pieces.
                waiting = writer;
                writer = null;
            }
        }
        wake(waiting);
        return piece;
    }

    /** Has {@code step} run once when bytes or the end have come; says false when they are there already. */
    synchronized boolean awaitBytes(Runnable step) {
        if (broken || ended || !unread.isEmpty()) {
            return false;
        }
        reader = step;
        return true;
    }

    /** The writer writes no more: the reader finds the end behind what was written. */
    void end() {
        Runnable waiting;
        synchronized (this) {
            ended = true;
            waiting = reader;
            reader = null;
        }
        wake(waiting);
    }

    /** The reader reads no more: what it has not read is dropped, and the writer is told at its next write. */
    void breakOff() {
        Runnable waiting;
        synchronized (this) {
            broken = true;
            unread.forEach(ByteBuf::release);
            unread.clear();
            bytes = 0;
            waiting = writer;
            writer = null;
            reader = null;
        }
        wake(waiting);
    }

    /** Whether the writer writes no more, though some of what it wrote may be unread. */
    synchronized boolean hasEnded() {
        return ended;
    }

    /** Whether everything was read and no more will come. */
    synchronized boolean isReadToTheEnd() {
        return ended && unread.isEmpty();
    }

    private static void wake(@Nullable Runnable waiting) {
        if (waiting != null) {
            waiting.run();
        }
    }
}
