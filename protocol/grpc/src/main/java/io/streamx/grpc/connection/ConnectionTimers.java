package io.streamx.grpc.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
        running.removeIf(Future::isDone);
        running.add(connection.context().executor().schedule(step, nanos, TimeUnit.NANOSECONDS));
    }

    /** Pings the peer as {@code own} says, from now on. */
    void keepAlive(Keepalive own) {
        keepalive = own;
        lookIn(own);
    }

    private void lookIn(Keepalive own) {
        schedule(() -> look(own), own.waitNanos());
    }

    private void look(Keepalive own) {
        if (!connection.context().channel().isActive()) {
            return;
        }
        switch (own.look(System.nanoTime(), !connection.open().isEmpty())) {
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
            keepalive.onRead(System.nanoTime());
        }
    }

    /** Ends all timers, with the connection. */
    void cancel() {
        running.forEach(timer -> timer.cancel(false));
        running.clear();
    }
}
