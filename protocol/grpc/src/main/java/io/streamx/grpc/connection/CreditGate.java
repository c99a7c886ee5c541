package io.streamx.grpc.connection;

import io.netty.channel.Channel;
import io.streamx.wire.ReadGate;

/**
 * How the engine makes the peer of an HTTP/2 connection send less while too much is unread: the windows get no credit. The
 * socket itself is read on, for the control frames behind the messages, until memory is short. On the event loop.
 */
final class CreditGate implements ReadGate {
    private final GrpcConnection connection;

    CreditGate(GrpcConnection connection) {
        this.connection = connection;
    }

    private Channel channel() {
        return connection.context().channel();
    }

    @Override
    public void pause() {
        connection.windows().pause();
    }

    @Override
    public void resume() {
        connection.windows().resume();
        connection.flush(connection.context());
    }

    @Override
    public void filling(long allowedBytes) {
        connection.streamWindows().share(allowedBytes);
    }

    @Override
    public void emptied() {
        connection.streamWindows().shareNoMore();
    }

    @Override
    public void stopReading(boolean stop) {
        channel().config().setAutoRead(!stop);
    }

    @Override
    public void glimpse() {
        if (!channel().config().isAutoRead()) {
            connection.context().read();
        }
    }
}
