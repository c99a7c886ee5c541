package io.streamx.server;

import io.netty.channel.Channel;
import io.streamx.net.ConnectionEvents;
import io.streamx.wire.ServerRuntime.Drainable;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The connections of a server, so that it can end them: gently for a while, then at once. Safe from any thread. */
final class OpenConnections {
    /** A connection whose protocol is not known yet: nothing runs on it. */
    private static final Drainable UNKNOWN = new Drainable() {
        @Override
        public int activeCalls() {
            return 0;
        }

        @Override
        public void drain() {}
    };
    /**
     * How long a connection whose protocol is unknown has to show it when the server begins to close. What the client
     * had sent by then has come after this time.
     */
    private static final Duration GRACE = Duration.ofMillis(100);
    /** Closing a socket takes no time; this bounds the wait should an event loop be stuck. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Map<Channel, Drainable> open = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean closing;

    int count() {
        return open.size();
    }

    void opened(Channel channel) {
        open.put(channel, UNKNOWN);
        channel.closeFuture().addListener(closed -> {
            open.remove(channel);
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        });
        if (closing) {
            closeUnlessKnownSoon(channel);
        }
    }

    /**
     * Closes a connection whose protocol does not become known soon. A client that connected a moment ago is served,
     * and told of the end by its protocol, unless nothing comes.
     */
    private void closeUnlessKnownSoon(Channel channel) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (open.get(channel) == UNKNOWN) {
                                channel.close();
                            }
                        },
                        GRACE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    void register(Channel channel, Drainable connection) {
        open.replace(channel, connection);
        if (closing) {
            connection.drain();
        }
    }

    boolean isClosing() {
        return closing;
    }

    void shutdown(Duration window) {
        closing = true;
        open.forEach((channel, connection) -> {
            ConnectionEvents.closedBecause(channel, "the server was closed");
            if (connection == UNKNOWN) {
                closeUnlessKnownSoon(channel);
            } else {
                channel.eventLoop().execute(connection::drain);
            }
        });
        if (!awaitAllClosed(window)) {
            open.keySet().forEach(channel -> {
                ConnectionEvents.closedBecause(channel, "the server was closed");
                channel.close();
            });
            awaitAllClosed(CLOSE_TIMEOUT);
        }
    }

    /** Waits until no connection is open, but not longer than that; says whether there is none. */
    boolean awaitAllClosed(Duration timeout) {
        long left = TimeLimit.nanos(timeout);
        boolean interrupted = false;
        lock.lock();
        try {
            while (!open.isEmpty() && left > 0) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    // Whoever interrupts a closing server wants the server to hurry.
                    interrupted = true;
                    left = 0;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return open.isEmpty();
    }
}
