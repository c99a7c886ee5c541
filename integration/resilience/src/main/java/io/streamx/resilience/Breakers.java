package io.streamx.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.streamx.endpoint.PolicyListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A breaker for each key that has a policy; a policy that changes begins anew. Listeners are told under the lock, so that each hears
 * once of each breaker and once of its end. Safe from any thread.
 */
final class Breakers {
    private static final Logger LOG = LoggerFactory.getLogger(Resilience.class);

    private final Function<String, @Nullable BreakerPolicy> policies;
    /** One for each client that is open. */
    private final List<PolicyListener> told = new CopyOnWriteArrayList<>();

    private final Map<String, Made> made = new ConcurrentHashMap<>();

    private static final class Made implements PolicyListener.Breaker {
        private final BreakerPolicy policy;
        private final CircuitBreaker breaker;

        Made(BreakerPolicy policy, CircuitBreaker breaker) {
            this.policy = policy;
            this.breaker = breaker;
        }

        @Override
        public String name() {
            return breaker.getName();
        }

        @Override
        public PolicyListener.BreakerState state() {
            return stateOf(breaker.getState());
        }
    }

    /** {@code policies}: that of a method, or null. */
    Breakers(Function<String, @Nullable BreakerPolicy> policies) {
        this.policies = policies;
    }

    /** A client is open, whose listeners are told of the breakers that there are, and of changes. */
    synchronized void opened(PolicyListener listener) {
        told.add(listener);
        made.values().forEach(listener::onBreaker);
    }

    /** A client is closed. Nothing is remembered when it was the last one. */
    synchronized void closed(PolicyListener listener) {
        told.remove(listener);
        made.values().forEach(listener::onBreakerGone);
        if (told.isEmpty()) {
            made.clear();
        }
    }

    /** Nobody counts calls of that key any more. */
    synchronized void forget(String key) {
        Made gone = made.remove(key);
        if (gone != null) {
            told.forEach(listener -> listener.onBreakerGone(gone));
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
        Made current = made.get(key);
        if (policy == null || policy.equals(BreakerPolicy.NONE)) {
            if (current != null) {
                forget(key);
            }
            return null;
        }
        return (current != null && current.policy.equals(policy) ? current : renewed(key, policy)).breaker;
    }

    private synchronized Made renewed(String key, BreakerPolicy policy) {
        Made there = made.get(key);
        if (there != null && there.policy.equals(policy)) {
            return there;
        }
        forget(key);
        Made one = make(key, policy);
        made.put(key, one);
        told.forEach(listener -> listener.onBreaker(one));
        return one;
    }

    private Made make(String key, BreakerPolicy policy) {
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
        Made one = new Made(policy, breaker);
        breaker.getEventPublisher().onStateTransition(event -> {
            CircuitBreaker.State state = event.getStateTransition().getToState();
            LOG.warn("circuit breaker of {}: {}", key, state);
            told.forEach(listener -> listener.onBreakerChange(one, stateOf(state)));
        });
        return one;
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
