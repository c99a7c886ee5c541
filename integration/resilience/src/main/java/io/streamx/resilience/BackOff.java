package io.streamx.resilience;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between attempts: the first, then each time as much longer as the factor says, with chance so that callers that
 * failed together do not come back together.
 *
 * @param first before the second attempt; zero for none
 * @param factor from one pause to the next; 1 or more
 * @param longest no pause is longer
 * @param jitter from 0, exact pauses, to 1, anything between none and twice as long
 */
public record BackOff(Duration first, double factor, Duration longest, double jitter) {
    /** No pauses. */
    public static final BackOff NONE = new BackOff(Duration.ZERO, 1, Duration.ZERO, 0);

    /** Checks that the values are within their bounds. */
    public BackOff {
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "back-off: from " + first + " to " + longest + " (expected: 0 or more, and no less at the end)");
        }
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor: " + factor + " (expected: 1 or more)");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0 to 1)");
        }
    }

    /** Pauses that are all exactly {@code pause} long. */
    public static BackOff fixed(Duration pause) {
        return new BackOff(pause, 1, pause, 0);
    }

    /** Pauses that are each twice as long as the one before, up to {@code longest}, give or take a fifth by chance. */
    public static BackOff doubling(Duration first, Duration longest) {
        return new BackOff(first, 2, longest, 0.2);
    }

    /** The pause after attempt number {@code attempt}, counted from 1. */
    Duration after(int attempt) {
        double nanos = Math.min(first.toNanos() * Math.pow(factor, attempt - 1), (double) longest.toNanos());
        double chance =
                jitter == 0 ? 1 : 1 - jitter + ThreadLocalRandom.current().nextDouble(2 * jitter);
        return Duration.ofNanos((long) (nanos * chance));
    }
}
