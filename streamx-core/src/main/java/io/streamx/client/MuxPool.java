package io.streamx.client;

import io.streamx.transport.StreamProtocol;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A few connections to one address that many streams share. Safe from any thread. */
final class MuxPool implements StreamPool {
    private final SharedConnections<StreamProtocol.Connection> connections;
    private final Waiter waiter;

    MuxPool(
            int size,
            Duration idleTimeout,
            Waiter waiter,
            Supplier<CompletableFuture<StreamProtocol.Connection>> connect) {
        this.waiter = waiter;
        connections = new SharedConnections<>(
                size,
                () -> connect.get().thenApply(connection -> {
                    connection.streams().execute(() -> connection.streams().closeWhenIdle(idleTimeout));
                    return connection;
                }),
                StreamProtocol.Connection::isUsable,
                connection -> connection.streams().channel());
    }

    @Override
    public StreamProtocol.Connection acquire() {
        return connections.acquire(waiter);
    }

    @Override
    public void warmUp() {
        for (int i = 0; i < connections.size(); i++) {
            acquire();
        }
    }

    @Override
    public void unused(StreamProtocol.Connection connection) {
        // It is shared, and nobody counted on the stream.
    }

    @Override
    public void close() {
        connections.close();
    }
}
