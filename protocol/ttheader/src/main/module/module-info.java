/** TTHeader: streaming and unary carriers. Has nothing to call: clients and servers find it. */
module io.streamx.ttheader {
    requires static org.jspecify;
    requires io.streamx.core;
    requires io.streamx.thrift;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires org.jctools.core;
    requires org.slf4j;

    provides io.streamx.wire.TransportProvider with
            io.streamx.ttheader.TTHeaderProvider;
}
