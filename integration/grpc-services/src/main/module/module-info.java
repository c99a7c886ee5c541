/** Health and reflection, as gRPC's tools expect them. */
module io.streamx.grpc.services {
    requires static org.jspecify;
    requires transitive io.streamx.api;
    requires io.streamx.protobuf;
    requires transitive com.google.protobuf;

    exports io.streamx.grpc.services;
    exports io.streamx.grpc.services.health.v1;
    exports io.streamx.grpc.services.reflection.v1;
}
