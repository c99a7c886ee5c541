package io.streamx;

/** What a stream travels on. User code is the same on each. */
public enum Transport {
    /** TTHeader Streaming, Kitex' own; Thrift payloads. Artifact {@code streamx-ttheader}. */
    TTHEADER,
    /** gRPC over HTTP/2; Protobuf and Thrift payloads. Artifact {@code streamx-grpc}. */
    GRPC
}
