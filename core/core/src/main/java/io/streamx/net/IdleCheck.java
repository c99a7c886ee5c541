package io.streamx.net;

import io.netty.channel.Channel;
import io.streamx.wire.TimeSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection that has been idle for a time.
 *
 * <p>A connection has one timer, which is armed anew when it fires too early. So using the connection costs nothing but
 * noting the time. The timer ends with the connection: an armed one would keep a dead connection in memory for as long as
 * a living one may be idle.
 */
public final class IdleCheck {
    /** What {@code idleNanos} returns while the connection is in use. */
    public static final long IN_USE = 0;

    private final Channel channel;
    private final TimeSource time;
    private final long timeoutNanos;
    private final LongSupplier idleNanos;
    private final BooleanSupplier end;
    private volatile @Nullable Future<?> next;
    private volatile boolean stopped;

    private IdleCheck(
            Channel channel, TimeSource time, long timeoutNanos, LongSupplier idleNanos, BooleanSupplier end) {
        this.channel = channel;
        this.time = time;
        this.timeoutNanos = timeoutNanos;
        this.idleNanos = idleNanos;
        this.end = end;
    }

    /**
     * Watches an open connection. Any thread.
     *
     * @param timeoutNanos how long the connection may be idle
     * @param idleNanos how long the connection has been idle by the {@link TimeSource} of the channel, or {@link #IN_USE}; asked
     *     on the event loop
     * @param end ends the connection on the event loop, and returns true; false when the connection is in use after all, so
     *     that it is looked at again after another {@code timeoutNanos}
     */
    public static void start(Channel channel, long timeoutNanos, LongSupplier idleNanos, BooleanSupplier end) {
        start(channel, TimeSource.of(channel), timeoutNanos, idleNanos, end);
    }

    /** Watches an open connection by {@code time}, which may be another one than that of its channel. Any thread. */
    public static void start(
            Channel channel, TimeSource time, long timeoutNanos, LongSupplier idleNanos, BooleanSupplier end) {
        IdleCheck check = new IdleCheck(channel, time, timeoutNanos, idleNanos, end);
        channel.closeFuture().addListener(closed -> check.stop());
        check.lookIn(timeoutNanos);
    }

    private void lookIn(long nanos) {
        try {
            next = time.schedule(channel.eventLoop(), this::look, nanos);
        } catch (RejectedExecutionException loopHasEnded) {
            channel.close();
        }
        cancelIfStopped();
    }

    private void look() {
        if (stopped) {
            return;
        }
        long left = timeoutNanos - idleNanos.getAsLong();
        if (left > 0) {
            lookIn(left);
        } else if (!end.getAsBoolean()) {
            lookIn(timeoutNanos);
        }
    }

    private void stop() {
        stopped = true;
        cancelIfStopped();
    }

    private void cancelIfStopped() {
        Future<?> timer = next;
        if (stopped && timer != null) {
            timer.cancel(false);
        }
    }
}
