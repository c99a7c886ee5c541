/** gRPC over HTTP/2. Clients and servers find it; its users see {@code GrpcOptions}. */
module io.streamx.grpc {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires io.streamx.core;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.transport;
    requires org.slf4j;

    exports io.streamx.grpc;
    exports io.streamx.grpc.http to
            io.streamx.gateway;
    exports io.streamx.grpc.protocol to
            io.streamx.gateway;

    uses io.streamx.Compressor;
    uses io.streamx.grpc.http.HttpRequestsProvider;

    provides io.streamx.wire.TransportProvider with
            io.streamx.grpc.GrpcProvider;
}
