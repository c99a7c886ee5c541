package io.streamx.resilience;

import java.util.Arrays;

/** How many calls and extra attempts there were in the last ten seconds. Safe from any thread. */
final class Budget {
    private static final int SECONDS = 10;
    /** How many extra attempts there may be however few calls were made. */
    private static final int FREE = 10;

    private final long[] seconds = new long[SECONDS];
    private final int[] calls = new int[SECONDS];
    private final int[] extras = new int[SECONDS];

    Budget() {
        Arrays.fill(seconds, Long.MIN_VALUE);
    }

    /** A call is made for the first time. */
    synchronized void called(long nowNanos) {
        calls[slot(nowNanos)]++;
    }

    /** Whether an extra attempt may be made, which is counted then. */
    synchronized boolean take(double ratio, long nowNanos) {
        int slot = slot(nowNanos);
        long oldest = seconds[slot] - SECONDS;
        long allCalls = 0;
        long allExtras = 0;
        for (int i = 0; i < SECONDS; i++) {
            if (seconds[i] > oldest) {
                allCalls += calls[i];
                allExtras += extras[i];
            }
        }
        if (allExtras >= FREE + ratio * allCalls) {
            return false;
        }
        extras[slot]++;
        return true;
    }

    private int slot(long nowNanos) {
        long second = Math.floorDiv(nowNanos, 1_000_000_000L);
        int slot = (int) Math.floorMod(second, (long) SECONDS);
        if (seconds[slot] != second) {
            seconds[slot] = second;
            calls[slot] = 0;
            extras[slot] = 0;
        }
        return slot;
    }
}
