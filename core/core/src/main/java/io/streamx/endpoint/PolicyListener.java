package io.streamx.endpoint;

import io.streamx.CallInfo;
import io.streamx.ConnectionInfo.Side;

/**
 * Is told what policies around calls decide, those of {@code streamx-resilience} for instance: that a call is made once more,
 * that it is not made at all, that a circuit breaker has opened. Metrics listen, so that they need to know no such module.
 *
 * <p>All methods may be called on any thread, and two at once. What a listener throws is logged and disturbs nothing.
 */
public interface PolicyListener {
    /** Why a call is made more than once. */
    enum Extra {
        /** It failed. */
        RETRY,
        /** It has not been answered for a while, and runs on. */
        BACKUP
    }

    /** Why a call was not made, or not run. */
    enum Refusal {
        /** Its circuit breaker is open. */
        BREAKER,
        /** As many run, or have begun in this second, as may. */
        LIMIT,
        /** A part of the calls is not made on purpose. */
        DEGRADATION
    }

    /** What a circuit breaker does. */
    enum BreakerState {
        /** Calls go through. */
        CLOSED,
        /** No call goes through. */
        OPEN,
        /** A few calls find out whether the others may. */
        HALF_OPEN
    }

    /** A circuit breaker, which is one object for as long as it is. Any thread. */
    interface Breaker {
        /** What it counts: {@code service.method}, or {@code instance host:port}. */
        String name();

        /** What it does now. */
        BreakerState state();
    }

    /** How many may run at once, and begin in a second, of what a policy counts together. Any thread. */
    interface CallLimit {
        /** At which end the calls are counted. */
        Side side();

        /** How many run now. */
        int running();

        /** How many may run at once now; 0 for any number. */
        int concurrent();

        /** How many may begin in a second now; 0 for any number. */
        int perSecond();
    }

    /** A call is about to be made once more. */
    default void onExtra(CallInfo call, Extra why) {}

    /** A call was not made at its client, or not run at its server. */
    default void onRefused(CallInfo call, Refusal why) {}

    /** A call that failed, or was not made, is answered by a fallback of the client. */
    default void onFallback(CallInfo call) {}

    /** This end has a circuit breaker. Ends that share it tell of it once each, and so they do of its end. */
    default void onBreaker(Breaker breaker) {}

    /** A circuit breaker has changed. */
    default void onBreakerChange(Breaker breaker, BreakerState state) {}

    /**
     * This end has a circuit breaker no longer: the instance that it counts has gone, its policy has changed, or the end is
     * closed.
     */
    default void onBreakerGone(Breaker breaker) {}

    /** Calls of this end, which has just been opened, are limited by {@code limit}, whose numbers may change. */
    default void onLimit(CallLimit limit) {}

    /** The end that {@link #onLimit} was told of is closed. Others may share the limit. */
    default void onLimitGone(CallLimit limit) {}
}
