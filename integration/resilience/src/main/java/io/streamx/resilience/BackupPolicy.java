package io.streamx.resilience;

import java.time.Duration;

/**
 * When a unary call that has not been answered is made a second time beside the first. The first good answer is taken and
 * the other call cancelled. For methods that may run twice.
 *
 * @param delay after which the second goes out
 * @param budget how many second calls there may be for each call, on average over the last 10 s; ten are free
 */
public record BackupPolicy(Duration delay, double budget) {
    /** Checks that the values are within their bounds. */
    public BackupPolicy {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: 0 or more)");
        }
        if (!(budget >= 0)) {
            throw new IllegalArgumentException("budget: " + budget + " (expected: 0 or more)");
        }
    }

    /** A second call after {@code delay}, for at most a tenth of the calls. */
    public static BackupPolicy after(Duration delay) {
        return new BackupPolicy(delay, 0.1);
    }
}
