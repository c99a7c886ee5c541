package io.streamx.net;

import io.netty.channel.EventLoop;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose message has begun to arrive and does not arrive as a whole. A peer has the timeout for each
 * message, and for a large message a second more for every {@value #BYTES_A_SECOND} bytes that came. So a peer that
 * drips a byte now and then is cut off, and an honest peer on a slow line is not. On the event loop.
 *
 * <p>There is one timer, which is armed anew when it fires too early. A message that arrives whole costs no timer.
 */
public final class ReadTimeout {
    private static final int BYTES_A_SECOND = 64 << 10;

    private final EventLoop loop;
    private final Duration timeout;
    private final TimeSource time;
    private final BooleanSupplier excused;
    private final Runnable expired;
    private boolean within;
    private boolean armed;
    private @Nullable Future<?> timer;
    private long begunNanos;
    private long bytes;

    /** {@code expired} is run when a message is late. */
    public ReadTimeout(EventLoop loop, Duration timeout, TimeSource time, Runnable expired) {
        this(loop, timeout, time, () -> false, expired);
    }

    /**
     * A timeout for a side that may stop reading. {@code excused} is asked when a message is late, and says whether
     * reading has stopped since it was last asked. Then the peer is given its time once more.
     */
    public ReadTimeout(EventLoop loop, Duration timeout, TimeSource time, BooleanSupplier excused, Runnable expired) {
        this.excused = excused;
        this.loop = loop;
        this.timeout = timeout;
        this.time = time;
        this.expired = expired;
    }

    /** A message has ended. */
    public void messageEnded() {
        within = false;
    }

    /** Bytes have come, all that is whole of them was taken out, and the rest is part of a message or nothing. */
    public void received(int count, boolean withinMessage) {
        if (!withinMessage) {
            within = false;
        } else if (within) {
            bytes += count;
        } else {
            within = true;
            begunNanos = time.nanoTime();
            bytes = count;
            arm(TimeLimit.nanos(timeout));
        }
    }

    /** Nothing more is waited for: what a connection outlives is not to be kept by a timer. */
    public void stop() {
        within = false;
        Future<?> running = timer;
        if (running != null) {
            timer = null;
            armed = false;
            running.cancel(false);
        }
    }

    private void arm(long delayNanos) {
        if (!armed) {
            armed = true;
            timer = time.schedule(loop, this::check, delayNanos);
        }
    }

    private void check() {
        armed = false;
        if (!within) {
            return;
        }
        long allowed = TimeLimit.nanos(timeout) + TimeUnit.SECONDS.toNanos(1) * bytes / BYTES_A_SECOND;
        long left = begunNanos + allowed - time.nanoTime();
        if (left > 0) {
            arm(left);
        } else if (excused.getAsBoolean()) {
            begunNanos = time.nanoTime();
            arm(TimeLimit.nanos(timeout));
        } else {
            expired.run();
        }
    }
}
