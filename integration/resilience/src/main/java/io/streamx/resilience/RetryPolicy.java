package io.streamx.resilience;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * When a unary call is made again, and a stream whose first message has not come. The client's own timeout is that of each
 * attempt.
 *
 * @param attempts all together, the first included; 1 or more
 * @param within no attempt begins later than this after the first; zero for no such limit
 * @param backOff the pauses between attempts
 * @param on the kinds of failure that lead to another attempt; those that leave open whether the server has run the call
 *     ({@link FailureKind#TIMEOUT}, {@link FailureKind#CONNECTION}) are for methods that may run twice
 * @param budget how many attempts beyond the first there may be for each call, on average over the last 10 s: 0.1 adds a
 *     tenth of the load when everything fails. Ten are free, so that a client with few calls can retry at all
 */
public record RetryPolicy(int attempts, Duration within, BackOff backOff, Set<FailureKind> on, double budget) {
    /** No retries: for a method that is to have none where all others have some. */
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, BackOff.NONE, Set.of(), 0);

    /** Checks that the values are within their bounds, and copies the set. */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: 1 or more)");
        }
        if (within.isNegative()) {
            throw new IllegalArgumentException("within: " + within + " (expected: 0 or more)");
        }
        if (on.contains(FailureKind.ANSWER) || on.contains(FailureKind.CANCELLED)) {
            throw new IllegalArgumentException(
                    "on: " + on + " (expected: no ANSWER and no CANCELLED, which are no faults)");
        }
        if (!(budget >= 0)) {
            throw new IllegalArgumentException("budget: " + budget + " (expected: 0 or more)");
        }
        on = on.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(on));
    }

    /** So many attempts where the server has certainly not run the call, with a budget of a fifth. */
    public static RetryPolicy whereNotRun(int attempts) {
        return new RetryPolicy(
                attempts,
                Duration.ZERO,
                BackOff.doubling(Duration.ofMillis(20), Duration.ofSeconds(1)),
                EnumSet.of(FailureKind.NOT_RUN, FailureKind.OVERLOADED),
                0.2);
    }

    /** So many attempts for a method that may run twice, after lost connections and timeouts too, with a budget of a fifth. */
    public static RetryPolicy idempotent(int attempts) {
        return new RetryPolicy(
                attempts,
                Duration.ZERO,
                BackOff.doubling(Duration.ofMillis(20), Duration.ofSeconds(1)),
                EnumSet.of(FailureKind.NOT_RUN, FailureKind.OVERLOADED, FailureKind.CONNECTION, FailureKind.TIMEOUT),
                0.2);
    }
}
