package io.streamx.client;

import io.streamx.engine.StreamConnection;
import io.streamx.transport.StreamProtocol;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few connections to one address that many streams share, in turn; each is made at its first use, and again at the
 * next use after it ended. Safe from any thread.
 */
final class MuxPool implements StreamPool {
    private final AtomicReferenceArray<@Nullable CompletableFuture<StreamProtocol.Connection>> connections;
    private final AtomicInteger turn = new AtomicInteger();
    private final Supplier<CompletableFuture<StreamProtocol.Connection>> connect;
    private final Waiter waiter;
    private final Duration idleTimeout;
    private volatile boolean closed;

    MuxPool(
            int size,
            Duration idleTimeout,
            Waiter waiter,
            Supplier<CompletableFuture<StreamProtocol.Connection>> connect) {
        this.connections = new AtomicReferenceArray<>(size);
        this.idleTimeout = idleTimeout;
        this.waiter = waiter;
        this.connect = connect;
    }

    @Override
    public StreamProtocol.Connection acquire(CallBounds bounds) {
        int index = Math.floorMod(turn.getAndIncrement(), connections.length());
        while (true) {
            CompletableFuture<StreamProtocol.Connection> current = connections.get(index);
            if (current != null && (!current.isDone() || isUsable(current))) {
                boolean keptOne = current.isDone();
                StreamProtocol.Connection connection = waiter.await(current, bounds);
                StreamConnection streams = connection.streams();
                // A new connection that its peer has closed already is an outcome; trying again might go on for ever.
                if (streams.reserve() || (!keptOne && !streams.isRetired())) {
                    return connection;
                }
                streams.unreserve();
                continue;
            }
            waiter.checkOpen(closed);
            CompletableFuture<StreamProtocol.Connection> fresh = new CompletableFuture<>();
            if (connections.compareAndSet(index, current, fresh)) {
                make(fresh);
            }
        }
    }

    private void make(CompletableFuture<StreamProtocol.Connection> fresh) {
        connect.get().whenComplete((connection, failure) -> {
            if (failure != null) {
                fresh.completeExceptionally(failure);
                return;
            }
            connection.streams().execute(() -> connection.streams().closeWhenIdle(idleTimeout));
            fresh.complete(connection);
            if (closed) {
                connection.streams().close(StreamPool.CLIENT_CLOSED);
            }
        });
    }

    private static boolean isUsable(CompletableFuture<StreamProtocol.Connection> made) {
        return !made.isCompletedExceptionally() && made.join().isUsable();
    }

    @Override
    public void warmUp(CallBounds bounds) {
        for (int i = 0; i < connections.length(); i++) {
            unused(acquire(bounds));
        }
    }

    @Override
    public void unused(StreamProtocol.Connection connection) {
        connection.streams().unreserve();
    }

    @Override
    public void close() {
        closed = true;
        for (int i = 0; i < connections.length(); i++) {
            CompletableFuture<StreamProtocol.Connection> made = connections.get(i);
            if (made != null && made.isDone() && !made.isCompletedExceptionally()) {
                made.join().streams().close(StreamPool.CLIENT_CLOSED).awaitUninterruptibly();
            }
        }
    }
}
