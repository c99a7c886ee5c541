package io.streamx.ttheader.unary;

import io.netty.channel.Channel;
import io.streamx.PingPong;
import io.streamx.engine.Limits;
import io.streamx.transport.UnaryProtocol;

/** Unary calls on one carrier. */
final class UnaryClientProtocol implements UnaryProtocol {
    private final PingPong carrier;

    UnaryClientProtocol(PingPong carrier) {
        this.carrier = carrier;
    }

    @Override
    public Connection connect(Channel channel, Limits limits, String clientName) {
        ClientConnection connection =
                new ClientConnection(channel, limits, new RequestEncoder(carrier, clientName, limits));
        channel.pipeline().addLast(connection);
        return connection;
    }
}
