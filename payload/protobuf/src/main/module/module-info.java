/** Messages of protobuf-java as payloads. */
module io.streamx.protobuf {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires transitive com.google.protobuf;

    exports io.streamx.protobuf;
}
