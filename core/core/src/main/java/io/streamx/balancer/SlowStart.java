package io.streamx.balancer;

import io.streamx.wire.TimeLimit;
import java.time.Duration;

/**
 * How much of its weight a new instance has.
 *
 * @param windowNanos after which it has all; 0 for at once
 */
record SlowStart(long windowNanos) {
    static final SlowStart NONE = new SlowStart(0);
    private static final double LEAST = 0.1;
    /** How many times in a window a picker that holds weights makes them anew. */
    private static final int STEPS = 20;

    static SlowStart of(Duration window) {
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("slow start: " + window + " (expected: > 0)");
        }
        return new SlowStart(TimeLimit.nanos(window));
    }

    double weight(Candidate candidate, long nowNanos) {
        double weight = candidate.instance().weight();
        if (windowNanos == 0 || !candidate.isNew(nowNanos, windowNanos)) {
            return weight;
        }
        return weight * Math.max(LEAST, (double) candidate.ageNanos(nowNanos) / windowNanos);
    }

    boolean isOn() {
        return windowNanos != 0;
    }

    long stepNanos() {
        return Math.max(1, windowNanos / STEPS);
    }
}
