/** Thrift binary reading and writing for generated structs. */
module io.streamx.thrift {
    requires static org.jspecify;
    requires transitive io.streamx.api;

    exports io.streamx.thrift;
}
