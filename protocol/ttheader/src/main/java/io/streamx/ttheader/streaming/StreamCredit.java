package io.streamx.ttheader.streaming;

import io.streamx.wire.MemoryBudget;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadProgress;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much each end of one stream may send before its peer has read. Bytes are those of Data frames as they stand on the
 * wire, and all numbers are sums since the stream began, so that a grant which is lost or comes twice does no harm. On the
 * event loop.
 *
 * <p>Only Java peers use credit between them: a caller offers it with an entry of its Header frame, and a server that
 * understands says so with a Meta frame. Towards other peers the bytes are counted, and nothing is held back or sent.
 *
 * <p>Source: docs/decisions/2026-11-28-streams-without-flow-control.md.
 */
final class StreamCredit {
    /**
     * The key of the entry that grants credit. In a Header frame its value is how many bytes each end may send at first,
     * and in a Meta frame how many the receiver of the frame may send in all.
     */
    static final String KEY = "sx-credit";

    /**
     * The key of the entry in a Meta frame by which a closing server says that the connection takes no more streams.
     */
    static final String CLOSE_KEY = "sx-close";

    /**
     * The key of the entry in a Meta frame by which a sender with a tight window says how many bytes it would have to be
     * allowed in all, so that its next message fits.
     */
    static final String WANT_KEY = "sx-want";

    private static final int MAX_WINDOW_BYTES = 1 << 20;
    /**
     * The first window of a stream that has its connection to itself or shares it with few. A message is sent whole as long
     * as anything of the window is left.
     */
    private static final int FIRST_WINDOW_BYTES = 64 << 10;

    private static final int FEW_STREAMS = 8;
    private static final int SEVERAL_STREAMS = 32;
    private static final int MANY_STREAMS = 128;
    /** The first window of a stream that shares its connection with many. It is tight: see {@link #TIGHT_BELOW_BYTES}. */
    private static final int TIGHT_WINDOW_BYTES = 2 << 10;
    /**
     * A first window below this is tight, however much is granted later: its stream sends a message only where the whole
     * message fits, and asks the peer for what is missing. A thousand streams that may each pass their window by a message
     * would hold a thousand messages.
     */
    private static final int TIGHT_BELOW_BYTES = 4 << 10;

    /**
     * Where the process may hold less than this, windows begin smaller, so that many streams that nobody reads do not fill
     * the budget.
     */
    private static final long SMALL_BUDGET_BYTES = 64L << 20;

    private static final int SMALL_FIRST_WINDOW_OF_FEW_BYTES = 16 << 10;
    private static final int SMALL_FEW_STREAMS = 4;
    /** A window below this grows {@value #FAST_GROWTH}-fold at a time, and a larger one twofold. */
    private static final int FAST_GROWTH_BYTES = 64 << 10;

    private static final int FAST_GROWTH = 4;
    /**
     * Within this time, what was granted is sent, arrives and is taken, if the reader keeps up. It is longer than a round
     * trip on any line.
     */
    private static final long IN_TIME_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A reader has kept up when so small a part of its window is unread. */
    private static final int KEPT_UP_PART = 4;

    /** What the stream does for its credit. */
    interface Stream {
        /** Writes messages. Takes ownership. */
        void write(OutboundMessage messages);

        /** Drops messages that are not to be written any more. Takes ownership. */
        void drop(OutboundMessage messages);

        /** Tells the peer how much it may send in all. */
        void grant(long total);

        /** Tells the peer how much it would have to allow in all for the next message. */
        void want(long total);

        /** What the reader of the stream has taken. */
        ReadProgress reading();
    }

    private final FrameEvents connection;
    private final Stream stream;
    /** The window at the beginning of the stream. */
    private final int firstWindow;

    // The following fields are for sending.
    private final ArrayDeque<OutboundMessage> held = new ArrayDeque<>(0);
    private boolean begun;
    private boolean limited;
    private long sent;
    private long maySend;
    /** The largest total that this side has told the peer it wants. */
    private long asked;
    /** Writes the end of the stream behind the messages that are held back; null while the end is not known. */
    private @Nullable Runnable end;

    // The following fields are for receiving.
    private int window;
    private long arrived;
    private long granted;
    /** What the peer would have to be allowed in all to send its next message, where it has said so. */
    private long wanted;

    private long grantedNanos = System.nanoTime();
    /** The number of arrived bytes at which the reader is asked to tell when it has taken them. */
    private long askAt = Long.MAX_VALUE;

    private boolean closed;

    /** {@code firstBytes} is how much both ends may send before they are granted more. */
    StreamCredit(FrameEvents connection, Stream stream, int firstBytes) {
        this.connection = connection;
        this.stream = stream;
        firstWindow = firstBytes;
        window = firstBytes;
        maySend = firstBytes;
        granted = firstBytes;
    }

    /**
     * What a caller offers for one more stream on a connection that carries {@code streams} already: the less the more
     * there are.
     */
    static int firstBytes(int streams) {
        if (MemoryBudget.bytes() < SMALL_BUDGET_BYTES) {
            return streams < SMALL_FEW_STREAMS ? SMALL_FIRST_WINDOW_OF_FEW_BYTES : TIGHT_WINDOW_BYTES;
        }
        if (streams < FEW_STREAMS) {
            return FIRST_WINDOW_BYTES;
        }
        if (streams < SEVERAL_STREAMS) {
            return FIRST_WINDOW_BYTES / 4;
        }
        return streams < MANY_STREAMS ? FIRST_WINDOW_BYTES / 16 : TIGHT_WINDOW_BYTES;
    }

    /** The number that the entries of a frame have under {@code key}; 0 where there is none, or one that makes no sense. */
    static long in(Map<String, String> entries, String key) {
        String text = entries.get(key);
        if (text == null) {
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }

    /** The peer is known to understand credit. From now on its grants are waited for, and it is granted more. */
    void begin() {
        if (!begun) {
            begun = true;
            limited = true;
            askAt = granted - window / 2;
            arrived(0);
            askForHeld();
        }
    }

    /** It is not known yet whether the peer understands credit. Until then no more is sent than the first window. */
    void hold() {
        limited = true;
    }

    /**
     * The peer has not said that it understands credit. What was held back is sent, and nothing is held back from now
     * on.
     */
    void letGo() {
        if (!begun && limited) {
            limited = false;
            if (!held.isEmpty()) {
                connection.streams().offer(this::release);
            }
        }
    }

    /** Whether a message is sent only where it fits in whole. The first window decides, which both ends know. */
    private boolean isTight() {
        return firstWindow < TIGHT_BELOW_BYTES;
    }

    // ---- sending ----

    /** Writes messages, or holds them back until the peer grants more. Takes ownership. */
    void send(OutboundMessage messages) {
        if (held.isEmpty() && mayLeave(messages)) {
            sent += messages.readableBytes();
            stream.write(messages);
        } else {
            held.add(messages);
            askForHeld();
        }
    }

    private boolean mayLeave(OutboundMessage messages) {
        return !limited || (isTight() ? sent + messages.readableBytes() <= maySend : sent < maySend);
    }

    /** Tells the peer what the first message that is held back needs, unless the peer knows. */
    private void askForHeld() {
        OutboundMessage next = held.peek();
        if (next == null || !isTight() || !begun || mayLeave(next)) {
            return;
        }
        long total = sent + next.readableBytes();
        if (total > asked) {
            asked = total;
            stream.want(total);
        }
    }

    /**
     * Runs {@code step}, which follows the messages: now, or when the messages that are held back have been written.
     */
    void end(Runnable step) {
        if (held.isEmpty()) {
            step.run();
        } else {
            end = step;
        }
    }

    /** Whether messages are held back, and the end behind them. */
    boolean isEnding() {
        return end != null;
    }

    /** How many bytes have been written of the stream. */
    long sentBytes() {
        return sent;
    }

    /** The peer grants {@code total} bytes in all. */
    void onGrant(long total) {
        if (total > maySend) {
            maySend = total;
            if (!held.isEmpty()) {
                connection.streams().offer(this::release);
            }
        }
    }

    private void release() {
        while (!held.isEmpty() && mayLeave(held.element())) {
            if (!connection.out().isWritable()) {
                // The release is a step of the queue, because steps wait while the network takes nothing.
                connection.streams().offer(this::release);
                return;
            }
            OutboundMessage messages = held.remove();
            sent += messages.readableBytes();
            stream.write(messages);
        }
        askForHeld();
        Runnable step = end;
        if (held.isEmpty() && step != null) {
            end = null;
            step.run();
        }
    }

    /** Drops what is held back, and the end behind it. */
    void drop() {
        end = null;
        while (!held.isEmpty()) {
            stream.drop(held.remove());
        }
    }

    // ---- receiving ----

    /** Data frames of {@code bytes} bytes have come. */
    void arrived(int bytes) {
        arrived += bytes;
        if (arrived >= askAt) {
            askAt = Long.MAX_VALUE;
            stream.reading().whenTaken(this::taken);
        }
    }

    private void taken() {
        if (closed) {
            return;
        }
        long unread = stream.reading().unreadBytes();
        if (window > firstWindow && connection.streams().isShortOfMemory()) {
            connection.shrinkWindows(window - firstWindow);
            window = firstWindow;
        } else if (unread <= window / KEPT_UP_PART && window < MAX_WINDOW_BYTES && wasTakenInTime()) {
            int more = window < FAST_GROWTH_BYTES ? (FAST_GROWTH - 1) * window : window;
            if (connection.growWindows(more)) {
                window += more;
            }
        }
        grant(arrived + window - Math.min(window, unread));
        askAt = granted - window / 2;
        arrived(0);
    }

    private void grant(long total) {
        if (total > granted) {
            granted = total;
            grantedNanos = System.nanoTime();
            stream.grant(total);
            connection.streams().flush();
        }
    }

    /**
     * The peer needs {@code total} bytes in all for its next message. It gets them while little is unread and there is
     * memory for windows to grow; else when the reader of the stream waits for that message, because then it is taken as
     * soon as it has come.
     */
    void onWant(long total) {
        // A message that is larger than this side allows has to come too, for its stream to end with that error: it is
        // passed over as it comes, and takes no memory.
        wanted = total;
        if (closed || wanted <= granted) {
            return;
        }
        int more = (int) Math.min(wanted - granted, Integer.MAX_VALUE);
        if (!connection.streams().isFilling() && connection.growWindows(more)) {
            window += more;
            grantWanted();
        } else {
            stream.reading().whenAwaited(this::grantWanted);
        }
    }

    private void grantWanted() {
        if (!closed && wanted > granted) {
            grant(wanted);
            askAt = granted - window / 2;
            arrived(0);
        }
    }

    /** Whether what was granted has come and been taken soon: a reader that takes its time needs no larger window. */
    private boolean wasTakenInTime() {
        return System.nanoTime() - grantedNanos < IN_TIME_NANOS;
    }

    /** The stream receives no more. */
    void close() {
        if (!closed) {
            closed = true;
            askAt = Long.MAX_VALUE;
            connection.shrinkWindows(window - firstWindow);
        }
    }
}
