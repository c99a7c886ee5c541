package io.streamx.engine;

import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The recv timeout of one stream, which limits how long each recv may wait.
 *
 * <p>A stream has one timer for all its recvs. The timer looks, when it fires, at how long the current recv has waited, and is
 * armed anew for the rest. So a message costs no timer. Safe from any thread.
 */
final class RecvTimer {
    private final Exchange exchange;
    private volatile @Nullable Future<?> timer;
    private volatile boolean stopped;

    RecvTimer(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Whether {@link #start} was called. */
    boolean isStarted() {
        return timer != null;
    }

    /**
     * Begins to watch. To be called once, by the thread of the first recv.
     *
     * @param timeout the longest that one recv may wait
     * @param endStream run on the event loop when a recv has waited that long, after which nothing is watched any more; null
     *     when only that recv fails, and the stream goes on
     */
    void start(Duration timeout, @Nullable Runnable endStream) {
        long nanos = TimeLimit.nanos(timeout);
        lookIn(nanos, nanos, endStream);
    }

    private void lookIn(long nanos, long timeoutNanos, @Nullable Runnable endStream) {
        timer = exchange.connection().schedule(() -> look(timeoutNanos, endStream), nanos);
        cancelIfStopped();
    }

    private void look(long timeoutNanos, @Nullable Runnable endStream) {
        if (stopped) {
            return;
        }
        long left = exchange.inbound().expireWait(exchange.connection().time().nanoTime(), timeoutNanos);
        if (left == 0 && endStream != null) {
            endStream.run();
        } else {
            lookIn(left == 0 ? timeoutNanos : left, timeoutNanos, endStream);
        }
    }

    /** How long the recv that was the last to wait has waited. */
    Duration lastWait() {
        return Duration.ofNanos(exchange.inbound().lastWaitNanos());
    }

    /** The stream has ended. Repeating it does nothing. */
    void stop() {
        stopped = true;
        cancelIfStopped();
    }

    private void cancelIfStopped() {
        Future<?> armed = timer;
        if (stopped && armed != null) {
            armed.cancel(false);
        }
    }
}
