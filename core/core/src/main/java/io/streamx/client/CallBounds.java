package io.streamx.client;

import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What bounds one call from the moment it is made, the wait for its connection included.
 *
 * @param parent the enclosing call, whose cancel ends this one
 * @param limit the longest that the call may take; null for no limit
 * @param time by which the limit is measured
 * @param beganNanos when the call was made
 * @param ofCancel makes, of the reason for which the enclosing call was cancelled, the error of this call
 */
record CallBounds(
        CallContext parent,
        @Nullable TimeLimit limit,
        TimeSource time,
        long beganNanos,
        UnaryOperator<RpcException> ofCancel) {
    /** The bounds of a call that is made now. */
    static CallBounds from(
            CallContext parent, @Nullable TimeLimit limit, TimeSource time, UnaryOperator<RpcException> ofCancel) {
        return new CallBounds(parent, limit, time, time.nanoTime(), ofCancel);
    }

    /** The time left in nanoseconds; as much as a clock holds when there is no limit. */
    long leftNanos() {
        return limit == null ? Long.MAX_VALUE : Math.max(0, limit.nanos() - (time.nanoTime() - beganNanos));
    }

    /** The time left as a duration; null when there is no limit. */
    @Nullable
    Duration remaining() {
        return limit == null ? null : Duration.ofNanos(leftNanos());
    }

    /** When the time is over; null for never. */
    @Nullable
    Long deadlineNanos() {
        return limit == null ? null : beganNanos + limit.nanos();
    }

    /** The error of a call that is over before it had a connection to {@code service}. */
    RpcException timedOut(String service, Throwable cause) {
        if (limit == null) {
            throw new IllegalStateException("a call without a limit ran out of time");
        }
        return RpcTimeoutException.beforeConnected(
                "no connection to " + service + " within the timeout of "
                        + limit.duration().toMillis() + " ms, set by " + limit.setBy(),
                limit.duration(),
                cause);
    }

    /** The error of a call whose enclosing call was cancelled. */
    RpcException cancelled() {
        RpcException reason = parent.cancellation();
        return ofCancel.apply(reason == null ? new RpcException("the enclosing call was cancelled") : reason);
    }
}
