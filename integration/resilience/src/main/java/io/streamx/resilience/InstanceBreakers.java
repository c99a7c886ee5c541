package io.streamx.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.streamx.balancer.Balancer;
import io.streamx.balancer.Candidate;
import io.streamx.middleware.ClientCall;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses as another balancer does among the instances whose breakers are closed; among all when none is, since calling
 * nobody helps nobody.
 */
final class InstanceBreakers implements Balancer {
    private final Balancer inner;
    private final Breakers breakers;
    /** The instances that clients know, each with how many of their pickers have it. */
    private final Map<String, Integer> there = new ConcurrentHashMap<>();

    InstanceBreakers(Balancer inner, Breakers breakers) {
        this.inner = inner;
        this.breakers = breakers;
    }

    private static String key(Candidate candidate) {
        return "instance " + candidate;
    }

    /** Null for an instance that has gone as well: calls that end there later must not bring its breaker back. */
    private @Nullable CircuitBreaker breaker(Candidate candidate) {
        String key = key(candidate);
        if (!there.containsKey(key)) {
            return null;
        }
        CircuitBreaker breaker = breakers.of(key, Policies.ALL);
        if (!there.containsKey(key)) {
            // The instance has gone meanwhile, and its breaker may have been made after that.
            breakers.forget(key);
        }
        return breaker;
    }

    @Override
    public Picker picker(List<Candidate> candidates) {
        Picker picker = inner.picker(candidates);
        candidates.forEach(candidate -> there.merge(key(candidate), 1, Integer::sum));
        return new Picker() {
            @Override
            public @Nullable Candidate pick(ClientCall call, @Nullable Object request, Predicate<Candidate> refused) {
                Candidate picked =
                        picker.pick(call, request, candidate -> refused.test(candidate) || isOpen(candidate));
                return picked != null ? picked : picker.pick(call, request, refused);
            }

            @Override
            public void retired() {
                picker.retired();
                candidates.forEach(InstanceBreakers.this::forget);
            }
        };
    }

    private void forget(Candidate candidate) {
        String key = key(candidate);
        if (there.computeIfPresent(key, (same, pickers) -> pickers == 1 ? null : pickers - 1) == null) {
            breakers.forget(key);
        }
    }

    private boolean isOpen(Candidate candidate) {
        CircuitBreaker breaker = breaker(candidate);
        if (breaker == null) {
            return false;
        }
        // An open breaker whose time is over becomes half open when it is asked for a permission.
        return switch (breaker.getState()) {
            case OPEN, HALF_OPEN -> !hasPermission(breaker);
            case CLOSED, DISABLED, METRICS_ONLY, FORCED_OPEN -> false;
        };
    }

    private static boolean hasPermission(CircuitBreaker breaker) {
        boolean allowed = breaker.tryAcquirePermission();
        if (allowed) {
            breaker.releasePermission();
        }
        return allowed;
    }

    @Override
    public CallFeedback feedback() {
        CallFeedback load = inner.feedback();
        return new CallFeedback() {
            @Override
            public void started(Candidate candidate) {
                if (load != null) {
                    load.started(candidate);
                }
                CircuitBreaker breaker = breaker(candidate);
                if (breaker != null) {
                    boolean unused = breaker.tryAcquirePermission();
                }
            }

            @Override
            public void ended(Candidate candidate, long nanos, @Nullable Throwable failure) {
                if (load != null) {
                    load.ended(candidate, nanos, failure);
                }
                CircuitBreaker breaker = breaker(candidate);
                if (breaker != null) {
                    Breakers.ended(breaker, Math.max(nanos, 0), failure);
                }
            }
        };
    }
}
