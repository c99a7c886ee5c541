package io.streamx.ttheader.streaming;

import io.netty.channel.Channel;
import io.streamx.engine.Limits;
import io.streamx.transport.StreamProtocol;

/** TTHeader Streaming as a client speaks it. */
public final class StreamingClientProtocol implements StreamProtocol {
    /** The protocol; it has no settings of its own. */
    public StreamingClientProtocol() {}

    @Override
    public Connection connect(Channel channel, Limits limits, String clientName) {
        ClientConnection connection = new ClientConnection(limits, clientName);
        channel.pipeline().addLast(connection);
        return connection;
    }
}
