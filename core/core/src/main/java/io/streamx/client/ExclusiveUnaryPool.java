package io.streamx.client;

import io.streamx.net.IdleCheck;
import io.streamx.net.Sockets;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.UnaryProtocol;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one address that carry one call at a time: the one used last is used next, so that what is not needed
 * grows old and is closed. Safe from any thread.
 */
final class ExclusiveUnaryPool implements UnaryPool {
    /** A connection of this pool. */
    private static final class Pooled implements Lease {
        private final ExclusiveUnaryPool pool;
        private final UnaryProtocol.Connection connection;
        private volatile long idleSinceNanos = System.nanoTime();

        private Pooled(ExclusiveUnaryPool pool, UnaryProtocol.Connection connection) {
            this.pool = pool;
            this.connection = connection;
        }

        @Override
        public UnaryProtocol.Connection connection() {
            return connection;
        }

        @Override
        public void release() {
            pool.release(this);
        }

        @Override
        public void abandon(CompletableFuture<? extends UnaryProtocol.Reply<?>> reply) {
            connection.abandon(reply);
        }

        void close() {
            connection.channel().close();
        }
    }

    private final ConcurrentLinkedDeque<Pooled> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private final Set<Pooled> open = ConcurrentHashMap.newKeySet();
    private final Waiter waiter;
    private final int maxIdle;
    private final Duration idleTimeout;
    private final Supplier<CompletableFuture<UnaryProtocol.Connection>> connect;
    private volatile boolean closed;

    ExclusiveUnaryPool(
            int maxIdle,
            Duration idleTimeout,
            Waiter waiter,
            Supplier<CompletableFuture<UnaryProtocol.Connection>> connect) {
        this.waiter = waiter;
        this.maxIdle = maxIdle;
        this.idleTimeout = idleTimeout;
        this.connect = connect;
    }

    @Override
    public Lease acquire(CallBounds bounds) {
        waiter.checkOpen(closed);
        Pooled kept = pollUsable();
        return kept != null ? kept : make(bounds);
    }

    private @Nullable Pooled pollUsable() {
        Pooled candidate = idle.pollFirst();
        while (candidate != null) {
            idleCount.decrementAndGet();
            if (candidate.connection.isUsable()) {
                return candidate;
            }
            candidate.close();
            candidate = idle.pollFirst();
        }
        return null;
    }

    private Pooled make(CallBounds bounds) {
        CompletableFuture<Pooled> making = connect.get().thenApply(this::opened);
        try {
            return waiter.await(making, bounds);
        } catch (RuntimeException e) {
            making.thenAccept(Pooled::close);
            throw e;
        }
    }

    private Pooled opened(UnaryProtocol.Connection connection) {
        Pooled pooled = new Pooled(this, connection);
        open.add(pooled);
        connection.channel().closeFuture().addListener(done -> open.remove(pooled));
        IdleCheck.start(
                connection.channel(),
                TimeLimit.nanos(idleTimeout),
                () -> System.nanoTime() - pooled.idleSinceNanos,
                () -> closeIfUnused(pooled));
        if (closed) {
            pooled.close();
        }
        return pooled;
    }

    private void release(Pooled pooled) {
        if (closed || !pooled.connection.isUsable() || !reserveIdlePlace()) {
            pooled.close();
            return;
        }
        pooled.idleSinceNanos = System.nanoTime();
        idle.addFirst(pooled);
        if (closed) {
            pooled.close();
        }
    }

    private boolean reserveIdlePlace() {
        return idleCount.getAndUpdate(count -> count < maxIdle ? count + 1 : count) < maxIdle;
    }

    private boolean closeIfUnused(Pooled pooled) {
        if (!idle.remove(pooled)) {
            return false;
        }
        idleCount.decrementAndGet();
        pooled.close();
        return true;
    }

    @Override
    public boolean isInUse() {
        return !open.isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        for (Pooled pooled : open) {
            Sockets.await(pooled.connection.channel().close());
        }
    }
}
