package io.streamx.ttheader.unary;

import io.netty.channel.Channel;
import io.streamx.PingPong;
import io.streamx.engine.Limits;
import io.streamx.transport.UnaryProtocol;
import io.streamx.ttheader.frame.TTHeader;

/** Unary calls on one carrier. */
final class UnaryClientProtocol implements UnaryProtocol {
    private final PingPong carrier;

    UnaryClientProtocol(PingPong carrier) {
        this.carrier = carrier;
    }

    @Override
    public Connection connect(Channel channel, Limits limits, String clientName) {
        ClientConnection connection = new ClientConnection(
                channel, limits, new RequestEncoder(carrier, TTHeader.Flags.NONE, clientName, limits));
        channel.pipeline().addLast(connection);
        return connection;
    }

    @Override
    public boolean isShareable() {
        return switch (carrier) {
            case TTHEADER, TTHEADER_FRAMED -> true;
            case FRAMED, BUFFERED -> false;
        };
    }

    @Override
    public Connection connectShared(Channel channel, Limits limits, String clientName) {
        if (!isShareable()) {
            throw new IllegalStateException(
                    "shared connection on carrier " + carrier + " (expected: TTHEADER or TTHEADER_FRAMED)");
        }
        SharedClientConnection connection = new SharedClientConnection(
                channel, limits, new RequestEncoder(carrier, TTHeader.Flags.OUT_OF_ORDER, clientName, limits));
        channel.pipeline().addLast(connection);
        return connection;
    }
}
