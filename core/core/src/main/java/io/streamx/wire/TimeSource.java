package io.streamx.wire;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The time by which limits of time are measured, and what waits for it: that of the system, or in tests one that they turn
 * (the {@code ManualClock} of streamx-testing). Safe from any thread.
 *
 * <p>What ends a connection or a server gracefully, and what serves the flow of bytes, is not measured by it: whoever waits for
 * such an end does not turn a clock.
 */
public abstract class TimeSource {
    /** The time of the system. */
    public static final TimeSource SYSTEM = new SystemTime();

    private static final AttributeKey<TimeSource> OF_CHANNEL = AttributeKey.valueOf(TimeSource.class, "of");

    /** For clocks of tests. */
    protected TimeSource() {}

    /** The time of a connection: that of the client or server which it belongs to. */
    public static TimeSource of(Channel channel) {
        TimeSource set = channel.attr(OF_CHANNEL).get();
        return set == null ? SYSTEM : set;
    }

    /** Says by which time a connection goes, before its handlers are made. */
    public final void measures(Channel channel) {
        channel.attr(OF_CHANNEL).set(this);
    }

    /** The time now, in the sense of {@link System#nanoTime}: differences of it count, and no value of it means anything. */
    public abstract long nanoTime();

    /**
     * Runs {@code task} on {@code loop} when {@code nanos} have passed; at once when there are none to pass.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the loop has ended
     */
    public Future<?> schedule(EventLoop loop, Runnable task, long nanos) {
        return loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Waits for {@code future} until {@code nanos} have passed.
     *
     * @throws TimeoutException when these have passed
     */
    public <T> T await(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(nanos, TimeUnit.NANOSECONDS);
    }

    /** Parks the current thread until {@code nanos} have passed, as {@link LockSupport#parkNanos(Object, long)} does. */
    public void parkNanos(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }

    private static final class SystemTime extends TimeSource {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }
}
