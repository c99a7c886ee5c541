/** An HTTP door for the services of a server. Servers find it; its users see {@code GatewayOptions}. */
module io.streamx.gateway {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires transitive io.streamx.generic;
    requires io.streamx.core;
    requires io.streamx.grpc;
    requires io.streamx.protobuf;
    requires com.fasterxml.jackson.core;
    requires com.google.protobuf;
    requires com.google.protobuf.util;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires org.slf4j;

    exports io.streamx.gateway;

    provides io.streamx.grpc.http.HttpRequestsProvider with
            io.streamx.gateway.GatewayRequestsProvider;
    provides io.streamx.wire.TransportProvider with
            io.streamx.gateway.GatewayProvider;
}
