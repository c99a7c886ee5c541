package io.streamx.engine;

import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The limits of time of one stream of a server. Each limit is one timer, which looks, when it fires, at what has
 * happened. So a message costs no timer. Methods are for the event loop unless they say otherwise.
 */
final class ServerStreamTimers {
    private static final String SET_BY = "the server";
    /**
     * How many looks in a row without a message make a stream idle. So an idle stream is noticed after its limit and at
     * most a quarter of the limit more.
     */
    private static final int IDLE_LOOKS = 4;

    private final ServerExchange exchange;
    private final ServerTimeLimits limits;
    private final TimeSource time;
    private final long beganNanos;
    private final RecvTimer recv;
    private @Nullable Future<?> totalTimer;
    private @Nullable Future<?> idleTimer;
    private volatile boolean stopped;
    private long lastActivity = -1;
    private int idleLooks;
    private long idleSinceNanos;

    ServerStreamTimers(ServerExchange exchange, ServerTimeLimits limits) {
        this.exchange = exchange;
        this.limits = limits;
        time = exchange.connection().time();
        beganNanos = time.nanoTime();
        recv = new RecvTimer(exchange);
    }

    /** When the stream began, by the {@link TimeSource} of the connection. */
    long beganNanos() {
        return beganNanos;
    }

    void start() {
        Duration total = limits.total();
        if (total != null) {
            totalTimer = exchange.connection()
                    .schedule(
                            () -> exchange.fail(
                                    exchange.failures().streamTimeout(new TimeLimit(total, SET_BY), since(beganNanos))),
                            total);
        }
        Duration idle = limits.idle();
        if (idle != null) {
            lookForIdleness(idle);
        }
    }

    private void lookForIdleness(Duration idle) {
        long activity = exchange.activity();
        if (activity == lastActivity) {
            idleLooks++;
        } else {
            idleLooks = 0;
            lastActivity = activity;
            idleSinceNanos = time.nanoTime();
        }
        if (idleLooks >= IDLE_LOOKS) {
            exchange.fail(exchange.failures().idleTimeout(new TimeLimit(idle, SET_BY), since(idleSinceNanos)));
        } else if (!stopped) {
            idleTimer = exchange.connection()
                    .schedule(
                            () -> lookForIdleness(idle), Math.max(1, new TimeLimit(idle, SET_BY).nanos() / IDLE_LOOKS));
        }
    }

    /** Whether {@link #startRecv} was called. On the handler's thread. */
    boolean isRecvStarted() {
        return recv.isStarted();
    }

    /** Begins to watch the limit of each recv. To be called once, on the handler's thread. */
    void startRecv(Duration timeout) {
        recv.start(timeout, () -> exchange.fail(recvTimedOut(timeout)));
    }

    /** What a recv that took too long throws. Any thread. */
    RpcException recvTimedOut(Duration timeout) {
        return exchange.failures().recvTimeout(RecvTimeout.of(timeout), SET_BY, recv.lastWait());
    }

    void stop() {
        stopped = true;
        recv.stop();
        cancel(totalTimer);
        cancel(idleTimer);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private Duration since(long nanoTime) {
        return Duration.ofNanos(time.nanoTime() - nanoTime);
    }
}
