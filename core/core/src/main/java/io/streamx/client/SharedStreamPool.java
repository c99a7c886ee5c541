package io.streamx.client;

import io.streamx.engine.StreamConnection;
import io.streamx.wire.StreamProtocol;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A few connections to one address that many streams share. Safe from any thread. */
final class SharedStreamPool implements StreamPool {
    private final SharedConnections<StreamProtocol.Connection> connections;

    SharedStreamPool(
            int size,
            @Nullable CallerLoops callers,
            Duration idleTimeout,
            Waiter waiter,
            IntFunction<CompletableFuture<StreamProtocol.Connection>> connect) {
        connections = new SharedConnections<>(
                size,
                callers,
                waiter,
                slot -> connect.apply(slot).thenApply(connection -> {
                    connection.streams().execute(() -> connection.streams().closeWhenIdle(idleTimeout));
                    return connection;
                }),
                StreamProtocol.Connection::isUsable,
                connection -> StreamConnection.of(connection.streams()).isFlowing(),
                SharedStreamPool::reserve,
                connection -> connection.streams().close(StreamPool.CLIENT_CLOSED));
    }

    private static boolean reserve(StreamProtocol.Connection connection, boolean kept) {
        StreamConnection streams = StreamConnection.of(connection.streams());
        // A new connection that its peer has closed already is an outcome; trying again might go on for ever.
        if (streams.admission().reserve() || (!kept && !streams.admission().isRetired())) {
            return true;
        }
        streams.admission().unreserve();
        return false;
    }

    @Override
    public StreamProtocol.Connection acquire(CallBounds bounds) {
        return connections.acquire(bounds);
    }

    @Override
    public void warmUp(CallBounds bounds) {
        for (int i = 0; i < connections.size(); i++) {
            unused(acquire(bounds));
        }
    }

    @Override
    public void unused(StreamProtocol.Connection connection) {
        StreamConnection.of(connection.streams()).admission().unreserve();
    }

    @Override
    public boolean isInUse() {
        return connections.isAny(connection -> connection.streams().channel().isOpen());
    }

    @Override
    public void close() {
        connections.close();
    }
}
