package io.streamx.ttheader.streaming;

import io.netty.channel.Channel;
import io.streamx.wire.Failures;
import io.streamx.wire.StreamProtocol;

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
        TTStreamClientConnection connection = new TTStreamClientConnection(settings);
        channel.pipeline().addLast(connection);
        return connection;
    }
}
