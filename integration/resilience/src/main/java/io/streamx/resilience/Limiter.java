package io.streamx.resilience;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.streamx.ConnectionInfo.Side;
import io.streamx.endpoint.PolicyListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets so many in at once, and so many in a second. Safe from any thread. */
final class Limiter {
    private final Supplier<@Nullable LimitPolicy> policy;
    private final AtomicInteger running = new AtomicInteger();
    private volatile @Nullable Rate rate;

    private record Rate(int perSecond, RateLimiter limiter) {}

    Limiter(Supplier<@Nullable LimitPolicy> policy) {
        this.policy = policy;
    }

    /**
     * Asks to begin one more. Whoever is let in has to call {@link #leave}. Returns null for yes, and else which limit is
     * reached.
     */
    @Nullable
    String enter() {
        LimitPolicy now = policy.get();
        int count = running.incrementAndGet();
        if (now == null) {
            return null;
        }
        if (now.concurrent() > 0 && count > now.concurrent()) {
            running.decrementAndGet();
            return now.concurrent() + " calls run at once";
        }
        if (now.perSecond() > 0 && !limiter(now.perSecond()).acquirePermission()) {
            running.decrementAndGet();
            return now.perSecond() + " calls began in this second";
        }
        return null;
    }

    /** Tells that one that was let in has ended. */
    void leave() {
        running.decrementAndGet();
    }

    /** What listeners see of this limit, which is that of a client or of a server. */
    PolicyListener.CallLimit seenAt(Side side) {
        return new PolicyListener.CallLimit() {
            @Override
            public Side side() {
                return side;
            }

            @Override
            public int running() {
                return running.get();
            }

            @Override
            public int concurrent() {
                LimitPolicy now = policy.get();
                return now == null ? 0 : now.concurrent();
            }

            @Override
            public int perSecond() {
                LimitPolicy now = policy.get();
                return now == null ? 0 : now.perSecond();
            }
        };
    }

    private RateLimiter limiter(int perSecond) {
        Rate current = rate;
        if (current == null || current.perSecond() != perSecond) {
            current = new Rate(
                    perSecond,
                    RateLimiter.of(
                            "calls",
                            RateLimiterConfig.custom()
                                    .limitForPeriod(perSecond)
                                    .limitRefreshPeriod(Duration.ofSeconds(1))
                                    .timeoutDuration(Duration.ZERO)
                                    .build()));
            rate = current;
        }
        return current.limiter();
    }
}
