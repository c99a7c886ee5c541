package io.streamx.ttheader.unary;

import io.netty.channel.Channel;
import io.streamx.PingPong;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.wire.Limits;
import io.streamx.wire.UnaryProtocol;

/** Unary calls on one carrier. */
final class UnaryClientProtocol implements UnaryProtocol {
    private final PingPong carrier;

    UnaryClientProtocol(PingPong carrier) {
        this.carrier = carrier;
    }

    @Override
    public Connection connect(Channel channel, Limits limits, String clientName) {
        UnaryClientConnection connection = new UnaryClientConnection(
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
        SharedUnaryClientConnection connection = new SharedUnaryClientConnection(
                channel, limits, new RequestEncoder(carrier, TTHeader.Flags.OUT_OF_ORDER, clientName, limits));
        channel.pipeline().addLast(connection);
        return connection;
    }
}
