package io.streamx.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.streamx.net.ConnectionEvents;
import io.streamx.net.IdleCheck;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import io.streamx.wire.UnaryProtocol;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Connections to one address that carry one unary call at a time. Safe from any thread. */
final class ExclusiveUnaryPool implements UnaryPool, ExclusiveConnections.Rules<ExclusiveUnaryPool.Exclusive> {
    /** The right to make calls on a connection, one after another, each of them alone. */
    final class Exclusive implements Lease {
        private final UnaryProtocol.Connection connection;
        private final TimeSource time;
        private volatile long idleSinceNanos;

        private Exclusive(UnaryProtocol.Connection connection) {
            this.connection = connection;
            time = TimeSource.of(connection.channel());
            idleSinceNanos = time.nanoTime();
        }

        @Override
        public UnaryProtocol.Connection connection() {
            return connection;
        }

        @Override
        public void release() {
            idleSinceNanos = time.nanoTime();
            if (!connection.isUsable() || !connections.keep(this)) {
                close(this);
            }
        }
    }

    private final ExclusiveConnections<Exclusive> connections;
    private final Duration idleTimeout;

    /** At most {@code maxIdle} unused connections are kept, each for {@code idleTimeout}. */
    ExclusiveUnaryPool(
            int maxIdle,
            Duration idleTimeout,
            Waiter waiter,
            Supplier<CompletableFuture<UnaryProtocol.Connection>> connect) {
        this.idleTimeout = idleTimeout;
        connections = new ExclusiveConnections<>(
                maxIdle, waiter, () -> connect.get().thenApply(connection -> new Exclusive(connection)), this);
    }

    @Override
    public Lease acquire(CallBounds bounds) {
        Exclusive kept = connections.pollIdle();
        return kept != null ? kept : connections.make(bounds);
    }

    @Override
    public Channel channel(Exclusive lease) {
        return lease.connection.channel();
    }

    @Override
    public void opened(Exclusive lease) {
        IdleCheck.start(
                channel(lease),
                TimeLimit.nanos(idleTimeout),
                () -> lease.time.nanoTime() - lease.idleSinceNanos,
                () -> closeIfUnused(lease));
    }

    private boolean closeIfUnused(Exclusive lease) {
        if (!connections.removeIdle(lease)) {
            return false;
        }
        ConnectionEvents.closedBecause(channel(lease), ConnectionEvents.IDLE);
        close(lease);
        return true;
    }

    @Override
    public boolean take(Exclusive kept) {
        if (kept.connection.isUsable()) {
            return true;
        }
        close(kept);
        return false;
    }

    @Override
    public ChannelFuture close(Exclusive lease) {
        ConnectionEvents.closedBecause(channel(lease), ConnectionEvents.NOT_NEEDED);
        return channel(lease).close();
    }

    @Override
    public boolean isInUse() {
        return connections.isAnyOpen();
    }

    @Override
    public void close() {
        connections.close();
    }
}
