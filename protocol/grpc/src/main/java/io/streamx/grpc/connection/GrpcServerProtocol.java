package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.ServerRuntime;
import java.nio.charset.StandardCharsets;

/** gRPC as servers recognise it: by the preface of HTTP/2 with prior knowledge. */
public final class GrpcServerProtocol implements ServerProtocol {
    /** HTTP/2 in ALPN: RFC 9113 section 3.2. */
    static final String HTTP2 = "h2";

    private static final byte[] PREFACE = "PRI * HT".getBytes(StandardCharsets.US_ASCII);

    /** For the provider. */
    public GrpcServerProtocol() {}

    @Override
    public boolean matches(ByteBuf firstBytes) {
        int start = firstBytes.readerIndex();
        for (int i = 0; i < PREFACE.length; i++) {
            if (firstBytes.getByte(start + i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String applicationProtocol() {
        return HTTP2;
    }

    @Override
    public String expectation() {
        return "the preface of HTTP/2";
    }

    @Override
    public void install(ChannelPipeline pipeline, ServerRuntime runtime) {
        pipeline.addLast(GrpcServerConnection.create(runtime));
    }
}
