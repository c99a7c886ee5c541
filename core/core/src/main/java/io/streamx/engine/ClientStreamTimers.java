package io.streamx.engine;

import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The limits of time of one stream of a client. Each limit is one timer, which looks, when it fires, at what has
 * happened. So a message costs no timer. Safe from any thread.
 */
final class ClientStreamTimers {
    private final ClientExchange exchange;
    private final BlockingClientStream.Settings settings;
    private final Consumer<RpcException> expired;
    private volatile @Nullable Future<?> total;
    private final RecvTimer recv;
    private volatile boolean stopped;

    /** {@code expired} is told on the event loop why the stream is to end. */
    ClientStreamTimers(
            ClientExchange exchange, BlockingClientStream.Settings settings, Consumer<RpcException> expired) {
        this.exchange = exchange;
        this.settings = settings;
        this.expired = expired;
        recv = new RecvTimer(exchange);
    }

    /** Begins to watch the whole stream's limit, which counts from when the call was made. */
    void startTotal(TimeLimit timeout) {
        total = exchange.connection()
                .schedule(
                        () -> expired.accept(settings.failures().streamTimeout(timeout, passed())),
                        timeout.nanos() - passed().toNanos());
        cancelIfStopped();
    }

    private Duration passed() {
        return Duration.ofNanos(exchange.connection().time().nanoTime() - settings.beganNanos());
    }

    /** Whether {@link #startRecv} was called. */
    boolean isRecvStarted() {
        return recv.isStarted();
    }

    /** Begins to watch the limit of each recv. */
    void startRecv(RecvTimeout timeout) {
        recv.start(timeout.timeout(), timeout.cancelsRemote() ? () -> expired.accept(recvTimedOut(timeout)) : null);
    }

    /** What a recv that took too long throws. */
    RpcException recvTimedOut(RecvTimeout timeout) {
        return settings.failures().recvTimeout(timeout, settings.recvTimeoutSetBy(), recv.lastWait());
    }

    /** The stream has ended. */
    void stop() {
        stopped = true;
        cancelIfStopped();
        recv.stop();
    }

    private void cancelIfStopped() {
        Future<?> armed = total;
        if (stopped && armed != null) {
            armed.cancel(false);
        }
    }
}
