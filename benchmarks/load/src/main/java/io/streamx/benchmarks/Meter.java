package io.streamx.benchmarks;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts the messages received. Each stream has one thread that counts; any thread may read. */
final class Meter {
    /** A cache line, and the one that is fetched with it, to each stream. */
    private static final int SPACING = 16;

    private final AtomicLongArray counts;
    private volatile boolean stopped;

    Meter(int streams) {
        counts = new AtomicLongArray((streams + 1) * SPACING);
    }

    void count(int stream) {
        add(stream, 1);
    }

    void add(int stream, long messages) {
        int index = (stream + 1) * SPACING - 1;
        counts.setRelease(index, counts.getPlain(index) + messages);
    }

    long total() {
        long total = 0;
        for (int index = SPACING - 1; index < counts.length(); index += SPACING) {
            total += counts.getAcquire(index);
        }
        return total;
    }

    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }
}
