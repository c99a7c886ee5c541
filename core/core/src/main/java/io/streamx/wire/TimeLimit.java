package io.streamx.wire;

import java.time.Duration;

/**
 * A limit of time and who set it, for the error that names both.
 *
 * @param duration greater than zero, or zero for a limit that has run out already
 * @param setBy completes "set by ..."
 */
public record TimeLimit(Duration duration, String setBy) {
    /** The limit in nanoseconds, as many as fit. */
    public long nanos() {
        return nanos(duration);
    }

    /** A duration in nanoseconds; one that no clock reaches is cut to where adding it to a time cannot overflow. */
    public static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException moreThanThreeHundredYears) {
            return Long.MAX_VALUE / 2;
        }
    }
}
