package io.streamx.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.streamx.endpoint.PolicyListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A breaker for each key that has a policy; a policy that changes begins anew. Safe from any thread. */
final class Breakers {
    private static final Logger LOG = LoggerFactory.getLogger(Resilience.class);

    private final Function<String, @Nullable BreakerPolicy> policies;
    private final List<PolicyListener> told;
    private final Map<String, Made> made = new ConcurrentHashMap<>();

    private record Made(BreakerPolicy policy, CircuitBreaker breaker) {}

    /** {@code policies}: that of a method, or null. {@code told} are those who hear of changes, and may grow. */
    Breakers(Function<String, @Nullable BreakerPolicy> policies, List<PolicyListener> told) {
        this.policies = policies;
        this.told = told;
    }

    /** Tells one who comes later of the breakers that there are. */
    void tell(PolicyListener listener) {
        made.forEach((key, one) -> listener.onBreaker(key, stateOf(one.breaker().getState())));
    }

    private void tellAll(String key, CircuitBreaker.State state) {
        for (PolicyListener listener : told) {
            listener.onBreaker(key, stateOf(state));
        }
    }

    private static PolicyListener.BreakerState stateOf(CircuitBreaker.State state) {
        return switch (state) {
            case OPEN, FORCED_OPEN -> PolicyListener.BreakerState.OPEN;
            case HALF_OPEN -> PolicyListener.BreakerState.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> PolicyListener.BreakerState.CLOSED;
        };
    }

    /**
     * The breaker of that key; null when the method has no policy.
     *
     * @param key what it counts, which stands in the log
     */
    @Nullable
    CircuitBreaker of(String key, String method) {
        BreakerPolicy policy = policies.apply(method);
        if (policy == null || policy.equals(BreakerPolicy.NONE)) {
            return null;
        }
        Made current = made.get(key);
        if (current == null || !current.policy().equals(policy)) {
            current = made.compute(
                    key,
                    (same, there) -> there != null && there.policy().equals(policy)
                            ? there
                            : new Made(policy, make(key, policy)));
        }
        return current.breaker();
    }

    private CircuitBreaker make(String key, BreakerPolicy policy) {
        CircuitBreaker breaker = CircuitBreaker.of(
                key,
                CircuitBreakerConfig.custom()
                        .failureRateThreshold((float) (policy.errorRate() * 100))
                        .minimumNumberOfCalls(policy.minSamples())
                        .slidingWindowType(SlidingWindowType.TIME_BASED)
                        .slidingWindowSize(Math.toIntExact(policy.window().toSeconds()))
                        .waitDurationInOpenState(policy.open())
                        .permittedNumberOfCallsInHalfOpenState(Math.min(policy.minSamples(), 10))
                        // A trial that never ends, such as a long stream, does not keep the breaker half open for ever.
                        .maxWaitDurationInHalfOpenState(policy.window())
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            CircuitBreaker.State state = event.getStateTransition().getToState();
            LOG.warn("circuit breaker of {}: {}", key, state);
            tellAll(key, state);
        });
        tellAll(key, breaker.getState());
        return breaker;
    }

    /** Counts how a call ended that the breaker had let through. */
    static void ended(CircuitBreaker breaker, long nanos, @Nullable Throwable failure) {
        FailureKind kind = failure == null ? FailureKind.ANSWER : FailureKind.of(failure);
        switch (kind) {
            case CANCELLED -> breaker.releasePermission();
            case ANSWER -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            case NOT_RUN, TIMEOUT, CONNECTION, OVERLOADED, APPLICATION ->
                breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        }
    }

    /** The error of a call that the breaker does not let through. */
    static RefusedException refused(String key, CircuitBreaker breaker) {
        CircuitBreaker.Metrics metrics = breaker.getMetrics();
        float rate = metrics.getFailureRate();
        return new RefusedException(key + " was not called: its circuit breaker is "
                + breaker.getState().name().replace('_', ' ')
                + (rate < 0
                        ? ""
                        : ", " + Math.round(rate) + " % of " + metrics.getNumberOfBufferedCalls() + " calls failed"));
    }
}
