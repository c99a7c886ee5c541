package io.streamx.client;

import io.streamx.engine.StreamConnection;
import io.streamx.net.Sockets;
import io.streamx.wire.StreamHost;
import io.streamx.wire.StreamProtocol;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/** Connections that carry one stream at a time: kept when it has ended, the last used first, or closed. */
final class ExclusiveStreamPool implements StreamPool {
    private final ConcurrentLinkedDeque<StreamProtocol.Connection> idle = new ConcurrentLinkedDeque<>();
    private final Set<StreamProtocol.Connection> open = ConcurrentHashMap.newKeySet();
    private final boolean keep;
    private final Duration idleTimeout;
    private final Waiter waiter;
    private final Supplier<CompletableFuture<StreamProtocol.Connection>> connect;
    private volatile boolean closed;

    /** {@code keep}: whether a connection is used again. */
    ExclusiveStreamPool(
            boolean keep,
            Duration idleTimeout,
            Waiter waiter,
            Supplier<CompletableFuture<StreamProtocol.Connection>> connect) {
        this.keep = keep;
        this.idleTimeout = idleTimeout;
        this.waiter = waiter;
        this.connect = connect;
    }

    @Override
    public StreamProtocol.Connection acquire(CallBounds bounds) {
        while (true) {
            waiter.checkOpen(closed);
            for (StreamProtocol.Connection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
                if (StreamConnection.of(kept.streams()).reserve()) {
                    return kept;
                }
                StreamConnection.of(kept.streams()).unreserve();
            }
            StreamProtocol.Connection made = make(bounds);
            // One that its peer has closed already is an outcome; trying again might go on for ever.
            if (StreamConnection.of(made.streams()).reserve()
                    || !StreamConnection.of(made.streams()).isRetired()) {
                return made;
            }
            StreamConnection.of(made.streams()).unreserve();
        }
    }

    private StreamProtocol.Connection make(CallBounds bounds) {
        CompletableFuture<StreamProtocol.Connection> making = connect.get().thenApply(this::opened);
        try {
            return waiter.await(making, bounds);
        } catch (RuntimeException e) {
            making.thenAccept(late -> late.streams().channel().close());
            throw e;
        }
    }

    private StreamProtocol.Connection opened(StreamProtocol.Connection connection) {
        StreamHost streams = connection.streams();
        open.add(connection);
        streams.channel().closeFuture().addListener(done -> {
            open.remove(connection);
            idle.remove(connection);
        });
        streams.execute(() -> {
            streams.onEmpty(() -> streamEnded(connection));
            streams.closeWhenIdle(idleTimeout);
        });
        if (closed) {
            streams.close(CLIENT_CLOSED);
        }
        return connection;
    }

    /** On the event loop. What the stream wrote last goes out before the connection is closed. */
    private void streamEnded(StreamProtocol.Connection connection) {
        if (keep && !closed && connection.isUsable()) {
            idle.addFirst(connection);
        } else {
            connection.streams().closeAfterFlush();
        }
    }

    @Override
    public void warmUp(CallBounds bounds) {
        if (keep) {
            unused(acquire(bounds));
        }
    }

    @Override
    public void unused(StreamProtocol.Connection connection) {
        StreamConnection.of(connection.streams()).unreserve();
        connection.streams().execute(() -> streamEnded(connection));
    }

    @Override
    public boolean isInUse() {
        return !open.isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        for (StreamProtocol.Connection connection : open) {
            Sockets.await(connection.streams().close(CLIENT_CLOSED));
        }
    }
}
