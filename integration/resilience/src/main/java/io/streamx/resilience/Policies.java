package io.streamx.resilience;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Resilience} goes by, as data: for each method, by its IDL name, and for all others under {@link #ALL}.
 * Immutable.
 *
 * @param retries when calls are made again
 * @param backups when calls are made twice; a method with a backup policy is not retried, as in Kitex
 * @param timeouts the limit of each attempt of a unary call that has none of its own; zero for none
 * @param breakers when calls of a method are refused, and instances left out
 * @param limit how much may run, of all methods together
 */
public record Policies(
        Map<String, RetryPolicy> retries,
        Map<String, BackupPolicy> backups,
        Map<String, Duration> timeouts,
        Map<String, BreakerPolicy> breakers,
        @Nullable LimitPolicy limit) {
    /** The name that stands for all methods without a policy of their own. */
    public static final String ALL = "*";
    /** None. */
    public static final Policies NONE = new Policies(Map.of(), Map.of(), Map.of(), Map.of(), null);

    /** Copies. */
    public Policies {
        retries = Map.copyOf(retries);
        backups = Map.copyOf(backups);
        timeouts = Map.copyOf(timeouts);
        breakers = Map.copyOf(breakers);
    }

    /** With a retry policy for a method, or for {@link #ALL}. */
    public Policies withRetry(String method, RetryPolicy policy) {
        return new Policies(plus(retries, method, policy), backups, timeouts, breakers, limit);
    }

    /** With a backup policy for a method, or for {@link #ALL}. */
    public Policies withBackup(String method, BackupPolicy policy) {
        return new Policies(retries, plus(backups, method, policy), timeouts, breakers, limit);
    }

    /** With a timeout for a method, or for {@link #ALL}. */
    public Policies withTimeout(String method, Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 0 or more)");
        }
        return new Policies(retries, backups, plus(timeouts, method, timeout), breakers, limit);
    }

    /** With a breaker policy for a method, or for {@link #ALL}. */
    public Policies withBreaker(String method, BreakerPolicy policy) {
        return new Policies(retries, backups, timeouts, plus(breakers, method, policy), limit);
    }

    /** With a limit for all methods together. */
    public Policies withLimit(LimitPolicy policy) {
        return new Policies(retries, backups, timeouts, breakers, Objects.requireNonNull(policy, "policy"));
    }

    /** Where {@code over} has something of a kind, that; else this. */
    Policies overriddenBy(Policies over) {
        return new Policies(
                over.retries.isEmpty() && over.backups.isEmpty() ? retries : over.retries,
                over.retries.isEmpty() && over.backups.isEmpty() ? backups : over.backups,
                over.timeouts.isEmpty() ? timeouts : over.timeouts,
                over.breakers.isEmpty() ? breakers : over.breakers,
                over.limit == null ? limit : over.limit);
    }

    /** The policy of a method: its own, or else that of all. */
    static <P> @Nullable P of(String method, Map<String, P> policies) {
        P own = policies.get(method);
        return own != null ? own : policies.get(ALL);
    }

    private static <P> Map<String, P> plus(Map<String, P> policies, String method, P policy) {
        if (method.isBlank()) {
            throw new IllegalArgumentException("method: '" + method + "' (expected: a name, or *)");
        }
        Map<String, P> more = new LinkedHashMap<>(policies);
        more.put(method, Objects.requireNonNull(policy, "policy"));
        return more;
    }
}
