package io.streamx.grpc.connection;

import io.streamx.wire.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one connection, all of which end with it: hours of waiting must not keep a dead connection in memory.
 * One of them is the keepalive, which pings a silent peer. On the event loop.
 */
final class ConnectionTimers {
    private final GrpcConnection connection;

    /** The timers that run, which are a few at the most. */
    private final List<Future<?>> running = new ArrayList<>();

    private @Nullable Keepalive keepalive;

    ConnectionTimers(GrpcConnection connection) {
        this.connection = connection;
    }

    /** Runs {@code step} after a time unless the connection has ended by then. */
    void schedule(Runnable step, long nanos) {
        schedule(TimeSource.SYSTEM, step, nanos);
    }

    /** Runs {@code step}, which ends what has taken too long, unless the connection has ended by then. */
    void limit(Runnable step, long nanos) {
        schedule(connection.time(), step, nanos);
    }

    private void schedule(TimeSource by, Runnable step, long nanos) {
        running.removeIf(Future::isDone);
        running.add(by.schedule(connection.context().channel().eventLoop(), step, nanos));
    }

    /** Pings the peer as {@code own} says, from now on. */
    void keepAlive(Keepalive own) {
        keepalive = own;
        lookIn(own);
    }

    private void lookIn(Keepalive own) {
        limit(() -> look(own), own.waitNanos());
    }

    private void look(Keepalive own) {
        if (!connection.context().channel().isActive()) {
            return;
        }
        switch (own.look(connection.time().nanoTime(), !connection.open().isEmpty())) {
            case NOTHING -> lookIn(own);
            case PING -> {
                connection.encoder().writePing(connection.context(), false, Keepalive.PING, connection.newPromise());
                connection.flush(connection.context());
                lookIn(own);
            }
            case CLOSE -> connection.onSilence(connection.options().keepAliveTimeout());
        }
    }

    /** A frame has come, so the peer is not silent. */
    void onFrame() {
        if (keepalive != null) {
            keepalive.onRead(connection.time().nanoTime());
        }
    }

    /** Ends all timers, with the connection. */
    void cancel() {
        running.forEach(timer -> timer.cancel(false));
        running.clear();
    }
}
