package io.streamx.client;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few connections to one address that many calls share, in turn; each is made at its first use, and again at the next
 * use after it ended. Safe from any thread.
 *
 * @param <C> a connection
 */
final class SharedConnections<C> {
    private final AtomicReferenceArray<@Nullable CompletableFuture<C>> connections;
    private final AtomicInteger turn = new AtomicInteger();
    private final Supplier<CompletableFuture<C>> connect;
    private final Predicate<C> usable;
    private final Function<C, Channel> channel;
    private volatile boolean closed;

    /** {@code connect} makes one, {@code usable} says whether one takes another call. */
    SharedConnections(
            int size, Supplier<CompletableFuture<C>> connect, Predicate<C> usable, Function<C, Channel> channel) {
        this.connections = new AtomicReferenceArray<>(size);
        this.connect = connect;
        this.usable = usable;
        this.channel = channel;
    }

    /** How many there may be. */
    int size() {
        return connections.length();
    }

    /**
     * A connection for one more call; waits while it is being made.
     *
     * @throws ConnectException when it cannot be made, or not soon enough for {@code waiter}
     */
    C acquire(Waiter waiter) {
        int index = Math.floorMod(turn.getAndIncrement(), connections.length());
        while (true) {
            CompletableFuture<C> current = connections.get(index);
            if (current != null && (!current.isDone() || isUsable(current))) {
                return waiter.await(current);
            }
            waiter.checkOpen(closed);
            CompletableFuture<C> fresh = new CompletableFuture<>();
            if (connections.compareAndSet(index, current, fresh)) {
                make(fresh);
            }
        }
    }

    private void make(CompletableFuture<C> fresh) {
        connect.get().whenComplete((connection, failure) -> {
            if (failure != null) {
                fresh.completeExceptionally(failure);
                return;
            }
            fresh.complete(connection);
            if (closed) {
                channel.apply(connection).close();
            }
        });
    }

    private boolean isUsable(CompletableFuture<C> made) {
        return !made.isCompletedExceptionally() && usable.test(made.join());
    }

    /** Closes all connections; what runs on them ends. */
    void close() {
        closed = true;
        for (int i = 0; i < connections.length(); i++) {
            CompletableFuture<C> made = connections.get(i);
            if (made != null && made.isDone() && !made.isCompletedExceptionally()) {
                channel.apply(made.join()).close().awaitUninterruptibly();
            }
        }
    }
}
