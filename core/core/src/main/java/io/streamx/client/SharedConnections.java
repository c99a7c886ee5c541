package io.streamx.client;

import io.netty.channel.ChannelFuture;
import io.streamx.net.Sockets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A few connections to one address that many calls share, in turn. A connection is made when it is first used, and made
 * anew when it is used after it has ended. Safe from any thread.
 *
 * @param <C> a connection
 */
final class SharedConnections<C> {
    private final AtomicReferenceArray<@Nullable CompletableFuture<C>> connections;
    private final AtomicInteger turn = new AtomicInteger();
    private final @Nullable CallerLoops callers;
    private final IntFunction<CompletableFuture<C>> connect;
    private final Waiter waiter;
    private final Predicate<C> usable;
    private final Predicate<C> flowing;
    private final Taker<C> taker;
    private final Closer<C> closer;
    private volatile boolean closed;

    /** Closes a connection. */
    interface Closer<C> {
        ChannelFuture close(C connection);
    }

    /** Reserves a connection for one call. */
    interface Taker<C> {
        /**
         * Whether the call may have the connection. If not, the call looks for a connection again.
         *
         * @param kept whether the connection was there before the call asked
         */
        boolean take(C connection, boolean kept);
    }

    /**
     * {@code connect} makes the connection of a slot. {@code usable} says whether a connection takes another call, and
     * {@code flowing} whether bytes move on it in both directions. {@code closer} closes a connection. {@code callers}
     * is null where event loops schedule no callers.
     */
    SharedConnections(
            int size,
            @Nullable CallerLoops callers,
            Waiter waiter,
            IntFunction<CompletableFuture<C>> connect,
            Predicate<C> usable,
            Predicate<C> flowing,
            Taker<C> taker,
            Closer<C> closer) {
        this.connections = new AtomicReferenceArray<>(size);
        this.callers = callers;
        this.waiter = waiter;
        this.connect = connect;
        this.usable = usable;
        this.flowing = flowing;
        this.taker = taker;
        this.closer = closer;
    }

    /** How many connections there may be. */
    int size() {
        return connections.length();
    }

    /**
     * A connection for one more call; waits while it is being made.
     *
     * @throws ConnectException when it cannot be made, or not soon enough
     * @throws io.streamx.RpcException when the call is over before there is one
     */
    C acquire(CallBounds bounds) {
        int own = callers == null ? Connector.ANY_SLOT : callers.slotOfThisThread();
        int index =
                flowing(own == Connector.ANY_SLOT ? Math.floorMod(turn.getAndIncrement(), connections.length()) : own);
        while (true) {
            CompletableFuture<C> current = connections.get(index);
            if (current != null && (!current.isDone() || isUsable(current))) {
                boolean kept = current.isDone();
                C connection = waiter.await(current, bounds);
                if (taker.take(connection, kept)) {
                    return connection;
                }
                continue;
            }
            waiter.checkOpen(closed);
            CompletableFuture<C> fresh = new CompletableFuture<>();
            if (connections.compareAndSet(index, current, fresh)) {
                make(index, fresh);
            }
        }
    }

    /**
     * The slot whose turn it is, which is {@code index}; or the next slot whose connection is not held up by a stream
     * that nobody reads, if there is one.
     */
    private int flowing(int index) {
        for (int i = 0; i < connections.length(); i++) {
            int candidate = (index + i) % connections.length();
            CompletableFuture<C> made = connections.get(candidate);
            if (made == null || !made.isDone() || made.isCompletedExceptionally() || flowing.test(made.join())) {
                return candidate;
            }
        }
        return index;
    }

    private void make(int slot, CompletableFuture<C> fresh) {
        CompletableFuture<C> making;
        try {
            making = connect.apply(slot);
        } catch (RuntimeException | Error e) {
            // Else the place would be taken for ever by a connection that nobody makes.
            fresh.completeExceptionally(e);
            throw e;
        }
        making.whenComplete((connection, failure) -> {
            if (failure != null) {
                fresh.completeExceptionally(failure);
                return;
            }
            fresh.complete(connection);
            if (closed) {
                closer.close(connection);
            }
        });
    }

    private boolean isUsable(CompletableFuture<C> made) {
        return !made.isCompletedExceptionally() && usable.test(made.join());
    }

    /** Whether a connection is being made, or one that was made has {@code property}. */
    boolean isAny(Predicate<C> property) {
        for (int i = 0; i < connections.length(); i++) {
            CompletableFuture<C> made = connections.get(i);
            if (made != null && (!made.isDone() || (!made.isCompletedExceptionally() && property.test(made.join())))) {
                return true;
            }
        }
        return false;
    }

    /** Closes all connections; what runs on them ends. */
    void close() {
        closed = true;
        for (int i = 0; i < connections.length(); i++) {
            CompletableFuture<C> made = connections.get(i);
            if (made != null && made.isDone() && !made.isCompletedExceptionally()) {
                Sockets.await(closer.close(made.join()));
            }
        }
    }
}
