/** What a caller, a handler and generated code touch: streams, context, metainfo, middleware, errors, descriptions of services. */
module io.streamx.api {
    requires static transitive org.jspecify;
    requires transitive io.netty.buffer;
    requires org.slf4j;
    requires java.naming;

    exports io.streamx;
    exports io.streamx.auth;
    exports io.streamx.flow;
    exports io.streamx.middleware;
    exports io.streamx.service;
}
