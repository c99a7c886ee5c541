package io.streamx.gateway;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.grpc.http.HttpRequest;
import io.streamx.grpc.http.HttpRequests;
import io.streamx.grpc.http.HttpStream;
import io.streamx.wire.ServerRuntime;

/** Takes what comes over HTTP/2 and is no call of gRPC, at one server. */
final class Http2Requests implements HttpRequests {
    private final GatewayOptions options;
    private final GatewayMethods methods;

    Http2Requests(GatewayOptions options) {
        this.options = options;
        methods = new GatewayMethods(options);
    }

    @Override
    public boolean prefersHttp2() {
        return !options.http1Preferred();
    }

    @Override
    public boolean takesConnectProtocol() {
        return true;
    }

    @Override
    public Connection connection(ServerRuntime runtime) {
        HttpRouter router = new HttpRouter(runtime, options, methods);
        CorsPolicy cors = new CorsPolicy(options);
        return new Connection() {
            @Override
            public HttpRequest open(HttpStream stream, Http2Headers head, boolean isWhole) {
                HttpExchange exchange = new HttpExchange(router, cors);
                if (Http2WebSocket.isAskedFor(head)) {
                    Http2WebSocket socket = new Http2WebSocket(
                            stream,
                            runtime,
                            exchange,
                            options.maxRequestBytes(runtime.limits().maxMessageBytes()));
                    socket.open(head, options.maxHeaderBytes(), isWhole);
                    return socket;
                }
                Http2Request request = new Http2Request(stream, runtime, exchange);
                request.open(head, options.maxHeaderBytes(), isWhole);
                return request;
            }
        };
    }
}
