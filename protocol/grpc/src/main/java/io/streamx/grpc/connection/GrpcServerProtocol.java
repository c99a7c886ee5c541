package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.streamx.grpc.http.HttpRequests;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.ServerRuntime;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** gRPC as servers recognise it: by the preface of HTTP/2 with prior knowledge. */
public final class GrpcServerProtocol implements ServerProtocol {
    /** HTTP/2 in ALPN: RFC 9113 section 3.2. */
    static final String HTTP2 = "h2";

    private static final byte[] PREFACE = "PRI * HT".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable HttpRequests httpRequests;

    /** The protocol of one server; {@code httpRequests} takes what is no call of gRPC, null for nobody. */
    public GrpcServerProtocol(@Nullable HttpRequests httpRequests) {
        this.httpRequests = httpRequests;
    }

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

    /** HTTP/2 comes before what else is offered, wherever its module stands on the class path. */
    @Override
    public boolean isPreferred() {
        return httpRequests == null || httpRequests.prefersHttp2();
    }

    @Override
    public String expectation() {
        return "the preface of HTTP/2";
    }

    @Override
    public void install(ChannelPipeline pipeline, ServerRuntime runtime) {
        pipeline.addLast(GrpcServerConnection.create(runtime, httpRequests));
    }
}
