/**
 * Clients and servers. Users see {@code client}, {@code server}, {@code tls}, {@code discovery}, {@code balancer},
 * {@code config} and what both ends share; wire modules see {@code wire} and {@code net} beside these; nobody sees the
 * engine.
 */
module io.streamx.core {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires transitive io.netty.handler;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires com.fasterxml.jackson.core;
    requires jdk.jfr;
    requires jdk.net;
    requires org.jctools.core;
    requires org.slf4j;

    exports io.streamx.balancer;
    exports io.streamx.client;
    exports io.streamx.config;
    exports io.streamx.discovery;
    exports io.streamx.endpoint;
    exports io.streamx.server;
    exports io.streamx.tls;
    exports io.streamx.wire to
            io.streamx.gateway,
            io.streamx.grpc,
            io.streamx.ttheader;
    exports io.streamx.net to
            io.streamx.gateway,
            io.streamx.grpc,
            io.streamx.ttheader;

    uses io.streamx.wire.TransportProvider;
}
