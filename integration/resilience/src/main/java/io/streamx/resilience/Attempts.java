package io.streamx.resilience;

import io.streamx.CallContext;
import io.streamx.RpcException;
import java.time.Duration;

/** The attempts of one call or stream. For one thread at a time. */
final class Attempts {
    private final RetryPolicy policy;
    private final Budget budget;
    private final long beganNanos = System.nanoTime();
    private int made = 1;

    Attempts(RetryPolicy policy, Budget budget) {
        this.policy = policy;
        this.budget = budget;
        budget.called(beganNanos);
    }

    /** The number of the attempt that is being made, from 1 on. */
    int made() {
        return made;
    }

    /** Waits until the next attempt is due. Throws {@code failure} when the policy allows no further attempt. */
    void next(RpcException failure) {
        if (made >= policy.attempts()
                || failure instanceof RefusedException
                || !policy.on().contains(FailureKind.of(failure))) {
            throw failure;
        }
        Duration pause = policy.backOff().after(made);
        long passed = System.nanoTime() - beganNanos + pause.toNanos();
        Duration left = CallContext.current().remaining();
        if ((!policy.within().isZero() && passed > policy.within().toNanos())
                || (left != null && left.compareTo(pause) <= 0)
                || CallContext.current().isCancelled()
                || !budget.take(policy.budget(), System.nanoTime())) {
            throw failure;
        }
        if (!pause.isZero()) {
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure;
            }
        }
        made++;
    }
}
