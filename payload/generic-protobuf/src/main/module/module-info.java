/** Calls without generated classes: Protobuf descriptors that are read at run time. */
module io.streamx.generic.protobuf {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires transitive com.google.protobuf;
    requires io.streamx.protobuf;
    requires com.google.protobuf.util;
    requires io.netty.buffer;

    exports io.streamx.generic.protobuf;
}
