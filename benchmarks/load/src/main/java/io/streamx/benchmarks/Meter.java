package io.streamx.benchmarks;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts the messages received. Each stream has one thread that counts; any thread may read. */
final class Meter {
    /** A cache line, and the one that is fetched with it, to each stream. */
    private static final int SPACING = 16;
    /** Beyond so many streams latencies are those of the first ones: each has a table of its own. */
    private static final int TIMED_STREAMS = 100;

    private final AtomicLongArray counts;
    private final Latencies[] latencies;
    private volatile boolean timing;
    private volatile boolean stopped;

    Meter(int streams) {
        counts = new AtomicLongArray((streams + 1) * SPACING);
        latencies = new Latencies[Math.min(streams, TIMED_STREAMS)];
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = new Latencies();
        }
    }

    void count(int stream) {
        add(stream, 1);
    }

    /** Counts one that was waited for. */
    void count(int stream, long nanos) {
        if (stream < latencies.length && timing) {
            latencies[stream].record(nanos);
        }
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

    /** From now on it matters how long a message takes. */
    void startTiming() {
        timing = true;
    }

    void stopTiming() {
        timing = false;
    }

    /** Of all streams, when none is timed any more. */
    Latencies latencies() {
        Latencies all = new Latencies();
        for (Latencies one : latencies) {
            all.add(one);
        }
        return all;
    }

    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }
}
