package io.streamx.resilience;

import java.time.Duration;

/**
 * When calls are refused because too many failed. A breaker opens when, of at least {@code minSamples} calls in the last
 * {@code window}, that part failed; after {@code open} it lets a few calls try, and closes when they go well. A stream counts
 * once, with its outcome; what its caller cancelled, declared exceptions and business errors are no failures.
 *
 * @param errorRate more than 0, at most 1
 * @param minSamples 1 or more
 * @param window 1 s or more
 * @param open how long everything is refused
 */
public record BreakerPolicy(double errorRate, int minSamples, Duration window, Duration open) {
    /** No breaker: for a method that is to have none where all others have one. */
    public static final BreakerPolicy NONE =
            new BreakerPolicy(1, Integer.MAX_VALUE, Duration.ofSeconds(10), Duration.ofSeconds(1));

    /** Checks that the values are within their bounds. */
    public BreakerPolicy {
        if (!(errorRate > 0 && errorRate <= 1)) {
            throw new IllegalArgumentException("errorRate: " + errorRate + " (expected: more than 0, at most 1)");
        }
        if (minSamples < 1) {
            throw new IllegalArgumentException("minSamples: " + minSamples + " (expected: 1 or more)");
        }
        if (window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("window: " + window + " (expected: 1 s or more)");
        }
        if (open.isNegative() || open.isZero()) {
            throw new IllegalArgumentException("open: " + open + " (expected: > 0)");
        }
    }

    /** A breaker with Kitex' window of 10 s that refuses calls for 1 s. */
    public static BreakerPolicy of(double errorRate, int minSamples) {
        return new BreakerPolicy(errorRate, minSamples, Duration.ofSeconds(10), Duration.ofSeconds(1));
    }
}
