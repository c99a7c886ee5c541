package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.streamx.ttheader.frame.Carrier;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.ServerRuntime;

/** Unary calls as a server recognises them: by a carrier's first bytes. */
final class UnaryServerProtocol implements ServerProtocol {
    @Override
    public boolean matches(ByteBuf firstBytes) {
        return switch (Carrier.ofConnection(firstBytes, firstBytes.readerIndex())) {
            case TTHEADER, MESH, THRIFT_FRAMED, THRIFT_BUFFERED, KITEX_PROTOBUF_FRAMED -> true;
            case NEED_MORE, HTTP2, TTHEADER_STREAMING, UNKNOWN -> false;
        };
    }

    @Override
    public String expectation() {
        return MessageFraming.EXPECTED;
    }

    @Override
    public void install(ChannelPipeline pipeline, ServerRuntime runtime) {
        pipeline.addLast(new UnaryServerConnection(pipeline.channel(), runtime));
    }
}
