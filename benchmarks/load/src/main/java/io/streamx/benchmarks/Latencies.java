package io.streamx.benchmarks;

import java.util.Arrays;

/** How often what took how long, to within four hundredths. For one thread that records; others may add it up at rest. */
final class Latencies {
    private static final int STEP_BITS = 5;
    private static final int STEPS = 1 << STEP_BITS;
    private static final int EXPONENTS = 40;

    private final long[] counts = new long[EXPONENTS * STEPS];

    void record(long nanos) {
        counts[indexOf(Math.max(1, nanos))]++;
    }

    void clear() {
        Arrays.fill(counts, 0);
    }

    void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }

    /** The time in which that part of all was done; 0 when nothing was recorded. */
    long nanosAt(double part) {
        long all = Arrays.stream(counts).sum();
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            if (below > 0 && below >= part * all) {
                return nanosOf(i);
            }
        }
        return 0;
    }

    private static int indexOf(long nanos) {
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        if (exponent < STEP_BITS) {
            return (int) nanos;
        }
        int step = (int) (nanos >>> (exponent - STEP_BITS)) - STEPS;
        return Math.min((exponent - STEP_BITS + 1) * STEPS + step, EXPONENTS * STEPS - 1);
    }

    private static long nanosOf(int index) {
        int exponent = index / STEPS + STEP_BITS - 1;
        return exponent < STEP_BITS ? index : (long) (STEPS + index % STEPS) << (exponent - STEP_BITS);
    }
}
