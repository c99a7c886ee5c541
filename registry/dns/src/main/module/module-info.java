/** DNS as the registry of clients. */
module io.streamx.dns {
    requires static org.jspecify;
    requires transitive io.streamx.core;
    requires io.netty.buffer;
    requires io.netty.codec.dns;
    requires io.netty.common;
    requires io.netty.resolver.dns;
    requires io.netty.transport;

    exports io.streamx.dns;
}
