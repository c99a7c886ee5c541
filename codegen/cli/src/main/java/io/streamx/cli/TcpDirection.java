package io.streamx.cli;

import java.util.Arrays;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Puts what one end of a connection sent in order: what came twice is dropped, what came early waits, and what never came is
 * told once nothing can be waiting for it any more. Knows no time and no packets; for one thread.
 */
final class TcpDirection {
    /** How much may wait behind missing bytes, which are given up then: more than any window of a real connection. */
    static final int MAX_WAITING_BYTES = 4 << 20;

    /** How many bytes of memory a waiting packet costs beside its own bytes. */
    private static final int WAITING_COST = 128;

    /**
     * How far ahead the sequence number of a packet may lie. A packet that lies further ahead is no part of this connection.
     */
    private static final int MAX_AHEAD = 1 << 30;

    private final Sink sink;
    private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
    private boolean begun;
    private boolean sawBegin;
    private int firstSequence;
    private int nextSequence;
    /**
     * The position of the byte that is to come next, counted from the first one on. Unlike sequence numbers it does not wrap
     * around.
     */
    private long next;

    private long end = Long.MAX_VALUE;
    /** Whether the end was told, which comes again where a packet was sent, or captured, twice. */
    private boolean ended;

    private long waitingBytes;
    private int repeated;
    private int early;
    private long missing;

    /** Bytes that wait, and how many more behind them were not captured. */
    private static final class Waiting {
        private final byte[] bytes;
        private final int cutBytes;

        Waiting(byte[] bytes, int cutBytes) {
            this.bytes = bytes;
            this.cutBytes = cutBytes;
        }
    }

    /** Takes what one end sent, in order. */
    interface Sink {
        void bytes(byte[] bytes);

        /** Bytes that nobody will see; {@code why} says in words what became of them. */
        void missing(long count, String why);

        /** Nothing more is sent. */
        void end();
    }

    TcpDirection(Sink sink) {
        this.sink = sink;
    }

    /** The sequence number of the first byte, by the packet that opens a connection. */
    void begin(int sequence) {
        begun = true;
        sawBegin = true;
        firstSequence = sequence;
        if (next == 0) {
            nextSequence = sequence;
        }
    }

    /** Whether the packet that opens a connection, with this number, is another one's. */
    boolean isAnother(int sequence) {
        return begun && (!sawBegin || firstSequence != sequence);
    }

    /** Takes the payload of a packet, of which {@code cutBytes} were not captured, and {@code isLast} whether FIN is behind it. */
    void segment(int sequence, byte[] bytes, int cutBytes, boolean isLast) {
        if (!begun) {
            begun = true;
            nextSequence = sequence;
        }
        int ahead = sequence - nextSequence;
        if (ahead > MAX_AHEAD || ahead < -MAX_AHEAD) {
            return;
        }
        long at = next + ahead;
        if (isLast && !ended) {
            end = Math.min(end, at + bytes.length + cutBytes);
        }
        if (bytes.length + cutBytes > 0) {
            if (ahead <= 0) {
                take(at, bytes, cutBytes);
            } else {
                early++;
                keep(at, bytes, cutBytes);
            }
            takeWaiting();
        }
        while (waitingBytes > MAX_WAITING_BYTES) {
            giveUpGap("were not captured");
        }
        if (next >= end && end != Long.MAX_VALUE) {
            end = Long.MAX_VALUE;
            ended = true;
            sink.end();
        }
    }

    private void keep(long at, byte[] bytes, int cutBytes) {
        Waiting before = waiting.get(at);
        if (before != null && before.bytes.length >= bytes.length) {
            repeated++;
            return;
        }
        if (before != null) {
            waitingBytes -= before.bytes.length + WAITING_COST;
        }
        waiting.put(at, new Waiting(bytes, cutBytes));
        waitingBytes += bytes.length + WAITING_COST;
    }

    /** Takes bytes that begin at or before the next one. */
    private void take(long at, byte[] bytes, int cutBytes) {
        long known = next - at;
        if (known >= bytes.length + cutBytes) {
            repeated++;
            return;
        }
        if (known < bytes.length) {
            byte[] fresh = known == 0 ? bytes : Arrays.copyOfRange(bytes, (int) known, bytes.length);
            advance(fresh.length);
            sink.bytes(fresh);
        }
        long cut = at + bytes.length + cutBytes - next;
        if (cutBytes > 0 && cut > 0) {
            advance(cut);
            missing += cut;
            sink.missing(cut, "were cut off when they were captured (tcpdump -s 0 captures packets whole)");
        }
    }

    private void takeWaiting() {
        while (!waiting.isEmpty()) {
            long first = waiting.firstKey();
            if (first > next) {
                return;
            }
            Waiting one = Objects.requireNonNull(waiting.remove(first));
            waitingBytes -= one.bytes.length + WAITING_COST;
            take(first, one.bytes, one.cutBytes);
        }
    }

    private void giveUpGap(String why) {
        long gap = waiting.firstKey() - next;
        advance(gap);
        missing += gap;
        sink.missing(gap, why);
        takeWaiting();
    }

    private void advance(long bytes) {
        next += bytes;
        nextSequence += (int) bytes;
    }

    /** The connection is over: whatever has not come is missing. */
    void finish() {
        while (!waiting.isEmpty()) {
            giveUpGap("were not captured");
        }
        if (end != Long.MAX_VALUE && next < end) {
            missing += end - next;
            sink.missing(end - next, "were not captured");
            advance(end - next);
        }
        if (end != Long.MAX_VALUE) {
            end = Long.MAX_VALUE;
            ended = true;
            sink.end();
        }
    }

    /** Packets whose bytes had all come before. */
    int repeated() {
        return repeated;
    }

    /** Packets that came before the bytes in front of them. */
    int early() {
        return early;
    }

    /** Bytes that were told as missing. */
    long missing() {
        return missing;
    }
}
