package io.streamx.ttheader.streaming;

import io.netty.channel.Channel;
import io.streamx.engine.Failures;
import io.streamx.transport.StreamProtocol;

/** TTHeader Streaming as a client speaks it. */
public final class StreamingClientProtocol implements StreamProtocol {
    /** The protocol; it has no settings of its own. */
    public StreamingClientProtocol() {}

    @Override
    public Failures failures() {
        return StreamFailures.CLIENT;
    }

    @Override
    public Connection connect(Channel channel, Settings settings) {
        ClientConnection connection = new ClientConnection(settings);
        channel.pipeline().addLast(connection);
        return connection;
    }
}
