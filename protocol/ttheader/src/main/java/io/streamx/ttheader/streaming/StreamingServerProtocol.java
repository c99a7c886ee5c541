package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.streamx.ttheader.frame.Carrier;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.ServerRuntime;

/** TTHeader Streaming as a server recognises it: by the flag in the first frame. */
public final class StreamingServerProtocol implements ServerProtocol {
    /** The protocol; it has no settings of its own. */
    public StreamingServerProtocol() {}

    @Override
    public boolean matches(ByteBuf firstBytes) {
        return Carrier.ofConnection(firstBytes, firstBytes.readerIndex()) == Carrier.TTHEADER_STREAMING;
    }

    @Override
    public String expectation() {
        return "TTHeader with the streaming flag";
    }

    @Override
    public void install(ChannelPipeline pipeline, ServerRuntime runtime) {
        pipeline.addLast(new TTStreamServerConnection(runtime));
    }
}
