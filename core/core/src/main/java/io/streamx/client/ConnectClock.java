package io.streamx.client;

import io.netty.channel.EventLoopGroup;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The time that the network takes, as the limit counts it, and the alarm at its end. It stands still while this process
 * makes itself ready. Safe from any thread.
 */
final class ConnectClock {
    private final EventLoopGroup group;
    private final TimeSource time;
    private final Runnable alarm;
    private final Duration limit;
    private boolean runs;
    private long startedNanos;
    private long passedBefore;
    private long graceNanos;
    private @Nullable Future<?> armed;

    /** {@code alarm} runs on a loop of {@code group} when {@code limit} has passed by {@code time}. */
    ConnectClock(EventLoopGroup group, TimeSource time, Runnable alarm, Duration limit) {
        this.group = group;
        this.time = time;
        this.alarm = alarm;
        this.limit = limit;
    }

    /** Goes on unless it runs, and rings {@code moreNanos} later than at the limit, from now on and when it goes on again. */
    synchronized void start(long moreNanos) {
        graceNanos = Math.max(graceNanos, moreNanos);
        if (!runs) {
            runs = true;
            startedNanos = time.nanoTime();
            long left = Math.min(Math.max(0, leftNanos()), Long.MAX_VALUE - graceNanos);
            armed = time.schedule(group.next(), alarm, left + graceNanos);
        }
    }

    /** Stands still until it is started again. */
    synchronized void stop() {
        if (armed != null) {
            armed.cancel(false);
        }
        passedBefore = passedNanos();
        runs = false;
    }

    /** How much time has passed by {@code time}. */
    synchronized long passedNanos() {
        return passedBefore + (runs ? time.nanoTime() - startedNanos : 0);
    }

    private long leftNanos() {
        return TimeLimit.nanos(limit) - passedNanos();
    }
}
