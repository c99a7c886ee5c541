package io.streamx.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.streamx.engine.StreamConnection;
import io.streamx.wire.StreamHost;
import io.streamx.wire.StreamProtocol;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Connections to one address that carry one stream at a time: kept when the stream has ended, or closed. Safe from any thread.
 */
final class ExclusiveStreamPool implements StreamPool, ExclusiveConnections.Rules<StreamProtocol.Connection> {
    private final ExclusiveConnections<StreamProtocol.Connection> connections;
    private final boolean keep;
    private final Duration idleTimeout;

    /** {@code keep} says whether a connection is used again. */
    ExclusiveStreamPool(
            boolean keep,
            Duration idleTimeout,
            Waiter waiter,
            Supplier<CompletableFuture<StreamProtocol.Connection>> connect) {
        this.keep = keep;
        this.idleTimeout = idleTimeout;
        connections = new ExclusiveConnections<>(keep ? Integer.MAX_VALUE : 0, waiter, connect, this);
    }

    @Override
    public StreamProtocol.Connection acquire(CallBounds bounds) {
        while (true) {
            StreamProtocol.Connection kept = connections.pollIdle();
            if (kept != null) {
                return kept;
            }
            StreamProtocol.Connection made = connections.make(bounds);
            StreamConnection streams = StreamConnection.of(made.streams());
            // A new connection that its peer has closed already is an outcome; trying again might go on for ever.
            if (streams.admission().reserve() || !streams.admission().isRetired()) {
                return made;
            }
            streams.admission().unreserve();
        }
    }

    @Override
    public Channel channel(StreamProtocol.Connection connection) {
        return connection.streams().channel();
    }

    @Override
    public void opened(StreamProtocol.Connection connection) {
        StreamHost streams = connection.streams();
        streams.execute(() -> {
            streams.onEmpty(() -> streamEnded(connection));
            streams.closeWhenIdle(idleTimeout);
        });
    }

    @Override
    public boolean take(StreamProtocol.Connection kept) {
        StreamConnection streams = StreamConnection.of(kept.streams());
        if (streams.admission().reserve()) {
            return true;
        }
        streams.admission().unreserve();
        return false;
    }

    @Override
    public ChannelFuture close(StreamProtocol.Connection connection) {
        return connection.streams().close(CLIENT_CLOSED);
    }

    /**
     * To be called on the event loop when a stream has ended. What the stream wrote last goes out before the connection
     * is closed.
     */
    private void streamEnded(StreamProtocol.Connection connection) {
        if (!connection.isUsable() || !connections.keep(connection)) {
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
        StreamConnection.of(connection.streams()).admission().unreserve();
        connection.streams().execute(() -> streamEnded(connection));
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
