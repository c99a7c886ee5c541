package io.streamx.client;

import io.streamx.wire.TimeLimit;
import io.streamx.wire.UnaryProtocol;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
                shared -> shared.connection.channel().close());
    }

    private Shared opened(UnaryProtocol.Connection connection) {
        Shared shared = new Shared(connection);
        shared.usedNanos = System.nanoTime();
        checkIdleAfter(shared, TimeLimit.nanos(idleTimeout));
        return shared;
    }

    @Override
    public Lease acquire(CallBounds bounds) {
        Shared shared = connections.acquire(bounds);
        shared.usedNanos = System.nanoTime();
        return shared;
    }

    /** One timer for each connection, re-armed when it comes too early, so that a call costs none. */
    private void checkIdleAfter(Shared shared, long nanos) {
        try {
            shared.connection
                    .channel()
                    .eventLoop()
                    .schedule(() -> checkIdle(shared), Math.max(nanos, 1), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException loopHasEnded) {
            shared.connection.channel().close();
        }
    }

    private void checkIdle(Shared shared) {
        if (!shared.connection.channel().isActive()) {
            return;
        }
        long timeout = TimeLimit.nanos(idleTimeout);
        long left = shared.connection.activeCalls() > 0 ? timeout : timeout - (System.nanoTime() - shared.usedNanos);
        if (left <= 0) {
            shared.connection.retire();
        } else {
            checkIdleAfter(shared, left);
        }
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
        private volatile long usedNanos;

        Shared(UnaryProtocol.Connection connection) {
            this.connection = connection;
        }

        @Override
        public UnaryProtocol.Connection connection() {
            return connection;
        }

        @Override
        public void release() {
            // It stays where all find it.
        }

        @Override
        public void abandon(CompletableFuture<? extends UnaryProtocol.Reply<?>> reply) {
            connection.abandon(reply);
        }
    }
}
