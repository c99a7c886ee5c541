package io.streamx.engine;

import io.netty.channel.Channel;
import io.streamx.net.ConnectionEvents;
import io.streamx.net.IdleCheck;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;

/** Closes a connection that has carried no stream for a while. On the event loop. */
final class IdleClose {
    private final StreamConnection connection;
    private final TimeSource time;

    /** When a stream last began or ended there, or the connection was used in another way. */
    private long lastUsedNanos;

    IdleClose(StreamConnection connection) {
        this.connection = connection;
        time = connection.time();
        lastUsedNanos = time.nanoTime();
    }

    /** The connection is in use. */
    void used() {
        lastUsedNanos = time.nanoTime();
    }

    /** Closes the connection when it has carried no stream for {@code timeout}, from now on. */
    void start(Duration timeout) {
        IdleCheck.start(connection.channel(), TimeLimit.nanos(timeout), this::idleNanos, this::close);
    }

    private long idleNanos() {
        return connection.activeStreams() > 0 ? IdleCheck.IN_USE : time.nanoTime() - lastUsedNanos;
    }

    /** Closes the connection unless a stream is about to be opened; says whether there is nothing left to look for. */
    private boolean close() {
        if (connection.lostBecause() != null) {
            return true;
        }
        if (!connection.admission().retireUnlessReserved()) {
            return false;
        }
        Channel channel = connection.channel();
        ConnectionEvents.closedBecause(channel, ConnectionEvents.IDLE);
        // The close stands in the queue behind what the last streams have put there, so that it goes out first.
        connection.offer(() -> {
            if (connection.activeStreams() == 0) {
                channel.close();
            } else {
                connection.onEmpty(channel::close);
            }
        });
        return true;
    }
}
