package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.ServerRuntime;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** HTTP/1 as one server recognises it: by a method with a space behind it. */
final class HttpProtocol implements ServerProtocol {
    /** The methods that HTTP has, those that are refused too, because their senders understand an answer of HTTP. */
    private static final List<byte[]> METHODS = List.of(
            bytes("GET /"),
            bytes("POST /"),
            bytes("PUT /"),
            bytes("HEAD /"),
            bytes("PATCH /"),
            bytes("DELETE /"),
            bytes("OPTIONS "),
            bytes("CONNECT "),
            bytes("TRACE /"),
            bytes("GET http"),
            bytes("POST htt"));

    private final GatewayOptions options;
    private final GatewayMethods methods;

    HttpProtocol(GatewayOptions options) {
        this.options = options;
        methods = new GatewayMethods(options);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean matches(ByteBuf firstBytes) {
        return METHODS.stream().anyMatch(method -> beginsWith(firstBytes, method));
    }

    private static boolean beginsWith(ByteBuf in, byte[] method) {
        for (int i = 0; i < method.length; i++) {
            if (in.getByte(in.readerIndex() + i) != method[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String expectation() {
        return "a request of HTTP/1.1";
    }

    @Override
    public String applicationProtocol() {
        return "http/1.1";
    }

    @Override
    public boolean isPreferred() {
        return options.http1Preferred();
    }

    @Override
    public void install(ChannelPipeline pipeline, ServerRuntime runtime) {
        HttpServerConnection connection = new HttpServerConnection(runtime, options, methods);
        pipeline.addLast(HttpServerConnection.DECODER, new StrictRequestDecoder(options.maxHeaderBytes(), connection));
        pipeline.addLast(HttpServerConnection.ENCODER, new HttpResponseEncoder());
        pipeline.addLast(connection);
    }
}
