package io.streamx.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.streamx.net.Sockets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one address that carry one call at a time. The one that was used last is used next, so that those that are
 * not needed grow old and are closed. Safe from any thread.
 *
 * @param <C> a connection
 */
final class ExclusiveConnections<C> {
    /** What is done to connections. */
    interface Rules<C> {
        /** The channel of {@code connection}. */
        Channel channel(C connection);

        /** Watches a connection that has just been made. */
        void opened(C connection);

        /** Takes a kept connection for one more call; false when it cannot have one, and is to be forgotten. */
        boolean take(C kept);

        /** Closes a connection. */
        ChannelFuture close(C connection);
    }

    private final ConcurrentLinkedDeque<C> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private final Set<C> open = ConcurrentHashMap.newKeySet();
    private final int maxIdle;
    private final Waiter waiter;
    private final Supplier<CompletableFuture<C>> connect;
    private final Rules<C> rules;
    private volatile boolean closed;

    /** At most {@code maxIdle} unused connections are kept; {@code waiter} says how long callers wait for {@code connect}. */
    ExclusiveConnections(int maxIdle, Waiter waiter, Supplier<CompletableFuture<C>> connect, Rules<C> rules) {
        this.maxIdle = maxIdle;
        this.waiter = waiter;
        this.connect = connect;
        this.rules = rules;
    }

    /**
     * A kept connection, taken for one call; null when there is none.
     *
     * @throws IllegalStateException when the client is closed
     */
    @Nullable
    C pollIdle() {
        waiter.checkOpen(closed);
        for (C kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            idleCount.decrementAndGet();
            if (rules.take(kept)) {
                return kept;
            }
        }
        return null;
    }

    /**
     * Makes a connection and waits for it.
     *
     * @throws ConnectException when it cannot be made, or not soon enough
     * @throws io.streamx.RpcException when the call is over before there is one
     */
    C make(CallBounds bounds) {
        CompletableFuture<C> making = connect.get().thenApply(this::opened);
        try {
            return waiter.await(making, bounds);
        } catch (RuntimeException e) {
            making.thenAccept(rules::close);
            throw e;
        }
    }

    private C opened(C connection) {
        open.add(connection);
        rules.channel(connection).closeFuture().addListener(done -> {
            open.remove(connection);
            removeIdle(connection);
        });
        rules.opened(connection);
        if (closed) {
            rules.close(connection);
        }
        return connection;
    }

    /** Keeps a connection for the next call; false when it is not wanted, so that its user closes it. */
    boolean keep(C connection) {
        if (closed || !reserveIdlePlace()) {
            return false;
        }
        idle.addFirst(connection);
        if (closed) {
            rules.close(connection);
        }
        return true;
    }

    private boolean reserveIdlePlace() {
        return idleCount.getAndUpdate(count -> count < maxIdle ? count + 1 : count) < maxIdle;
    }

    /** Takes a connection out of those that wait for a call; false when it was not among them. */
    boolean removeIdle(C connection) {
        boolean removed = idle.remove(connection);
        if (removed) {
            idleCount.decrementAndGet();
        }
        return removed;
    }

    /** Whether a connection is open. */
    boolean isAnyOpen() {
        return !open.isEmpty();
    }

    /** Closes all connections; what runs on them ends. */
    void close() {
        closed = true;
        for (C connection : open) {
            Sockets.await(rules.close(connection));
        }
    }
}
