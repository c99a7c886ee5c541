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
 * @param backups when calls are made twice; a method with a backup policy is not retried, as in Kitex. A policy of a method's
 *     own in either of the two stands before the other one's for all
 * @param timeouts the limit of each attempt of a unary call that has none of its own; zero for none
 * @param connectTimeout the limit of making a connection, of all methods together since they share those; null for the
 *     client's own
 * @param breakers when calls of a method are refused, and instances left out
 * @param degradation which part of a client's calls is not made, of all methods together
 * @param limit how much may run, of all methods together
 */
public record Policies(
        Map<String, RetryPolicy> retries,
        Map<String, BackupPolicy> backups,
        Map<String, Duration> timeouts,
        @Nullable Duration connectTimeout,
        Map<String, BreakerPolicy> breakers,
        @Nullable DegradationPolicy degradation,
        @Nullable LimitPolicy limit) {
    /** The name that stands for all methods without a policy of their own. */
    public static final String ALL = "*";
    /** No policies at all. */
    public static final Policies NONE = new Policies(Map.of(), Map.of(), Map.of(), null, Map.of(), null, null);

    /** Checks the values, and copies the maps. */
    public Policies {
        if (connectTimeout != null && (connectTimeout.isNegative() || connectTimeout.isZero())) {
            throw new IllegalArgumentException("connectTimeout: " + connectTimeout + " (expected: > 0)");
        }
        retries = Map.copyOf(retries);
        backups = Map.copyOf(backups);
        timeouts = Map.copyOf(timeouts);
        breakers = Map.copyOf(breakers);
    }

    Policies withRepeats(Map<String, RetryPolicy> newRetries, Map<String, BackupPolicy> newBackups) {
        return new Policies(newRetries, newBackups, timeouts, connectTimeout, breakers, degradation, limit);
    }

    Policies withTimeouts(Map<String, Duration> newTimeouts, @Nullable Duration newConnectTimeout) {
        return new Policies(retries, backups, newTimeouts, newConnectTimeout, breakers, degradation, limit);
    }

    Policies withBreakers(Map<String, BreakerPolicy> newBreakers) {
        return new Policies(retries, backups, timeouts, connectTimeout, newBreakers, degradation, limit);
    }

    Policies withMaybeDegradation(@Nullable DegradationPolicy policy) {
        return new Policies(retries, backups, timeouts, connectTimeout, breakers, policy, limit);
    }

    Policies withMaybeLimit(@Nullable LimitPolicy policy) {
        return new Policies(retries, backups, timeouts, connectTimeout, breakers, degradation, policy);
    }

    /** With a retry policy for a method, or for {@link #ALL}. */
    public Policies withRetry(String method, RetryPolicy policy) {
        return withRepeats(plus(retries, method, policy), backups);
    }

    /** With a backup policy for a method, or for {@link #ALL}. */
    public Policies withBackup(String method, BackupPolicy policy) {
        return withRepeats(retries, plus(backups, method, policy));
    }

    /** With a timeout for a method, or for {@link #ALL}. */
    public Policies withTimeout(String method, Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 0 or more)");
        }
        return withTimeouts(plus(timeouts, method, timeout), connectTimeout);
    }

    /** With a limit of making a connection. */
    public Policies withConnectTimeout(Duration timeout) {
        return withTimeouts(timeouts, Objects.requireNonNull(timeout, "timeout"));
    }

    /** With a part of the calls that is not made. */
    public Policies withDegradation(DegradationPolicy policy) {
        return withMaybeDegradation(Objects.requireNonNull(policy, "policy"));
    }

    /** With a breaker policy for a method, or for {@link #ALL}. */
    public Policies withBreaker(String method, BreakerPolicy policy) {
        return withBreakers(plus(breakers, method, policy));
    }

    /** With a limit for all methods together. */
    public Policies withLimit(LimitPolicy policy) {
        return withMaybeLimit(Objects.requireNonNull(policy, "policy"));
    }

    /** Where {@code over} has something of a kind, that; else this. */
    Policies overriddenBy(Policies over) {
        return new Policies(
                over.retries.isEmpty() && over.backups.isEmpty() ? retries : over.retries,
                over.retries.isEmpty() && over.backups.isEmpty() ? backups : over.backups,
                over.timeouts.isEmpty() ? timeouts : over.timeouts,
                over.connectTimeout == null ? connectTimeout : over.connectTimeout,
                over.breakers.isEmpty() ? breakers : over.breakers,
                over.degradation == null ? degradation : over.degradation,
                over.limit == null ? limit : over.limit);
    }

    @Nullable
    BackupPolicy backupOf(String method) {
        return retries.containsKey(method) && !backups.containsKey(method) ? null : of(method, backups);
    }

    @Nullable
    RetryPolicy retryOf(String method) {
        return backups.containsKey(method) ? null : of(method, retries);
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
