package io.streamx.client;

import io.streamx.net.ConnectionEvents;
import io.streamx.net.IdleCheck;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import io.streamx.wire.UnaryProtocol;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A few connections to one address that many unary calls share. Safe from any thread. */
final class SharedUnaryPool implements UnaryPool {
    private final SharedConnections<Shared> connections;
    private final Duration idleTimeout;

    SharedUnaryPool(
            int size,
            @Nullable CallerLoops callers,
            Duration idleTimeout,
            Waiter waiter,
            IntFunction<CompletableFuture<UnaryProtocol.Connection>> connect) {
        this.idleTimeout = idleTimeout;
        connections = new SharedConnections<>(
                size,
                callers,
                waiter,
                slot -> connect.apply(slot).thenApply(this::opened),
                shared -> shared.connection.isUsable(),
                shared -> shared.connection.channel().isWritable(),
                (shared, kept) -> true,
                shared -> {
                    ConnectionEvents.closedBecause(shared.connection.channel(), ConnectionEvents.NOT_NEEDED);
                    return shared.connection.channel().close();
                });
    }

    private Shared opened(UnaryProtocol.Connection connection) {
        Shared shared = new Shared(connection);
        shared.used();
        IdleCheck.start(connection.channel(), TimeLimit.nanos(idleTimeout), shared::idleNanos, () -> {
            ConnectionEvents.closedBecause(connection.channel(), ConnectionEvents.IDLE);
            connection.retire();
            return true;
        });
        return shared;
    }

    @Override
    public Lease acquire(CallBounds bounds) {
        Shared shared = connections.acquire(bounds);
        shared.used();
        return shared;
    }

    @Override
    public boolean isInUse() {
        return connections.isAny(shared -> shared.connection.channel().isOpen());
    }

    @Override
    public void close() {
        connections.close();
    }

    private static final class Shared implements Lease {
        private final UnaryProtocol.Connection connection;
        private final TimeSource time;
        private volatile long usedNanos;

        Shared(UnaryProtocol.Connection connection) {
            this.connection = connection;
            time = TimeSource.of(connection.channel());
        }

        void used() {
            usedNanos = time.nanoTime();
        }

        long idleNanos() {
            return connection.activeCalls() > 0 ? IdleCheck.IN_USE : time.nanoTime() - usedNanos;
        }

        @Override
        public UnaryProtocol.Connection connection() {
            return connection;
        }

        @Override
        public void release() {
            // A shared connection stays where all callers find it.
        }
    }
}
