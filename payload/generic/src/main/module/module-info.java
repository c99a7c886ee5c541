/** Calls without generated classes: Thrift IDL that is read at run time. */
module io.streamx.generic {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires transitive io.streamx.idl;
    requires io.streamx.thrift;
    requires com.fasterxml.jackson.core;
    requires io.netty.buffer;

    exports io.streamx.generic;
}
