package io.streamx.service;

/** What the messages of a service are written in. */
public enum PayloadFormat {
    /** Thrift binary. */
    THRIFT,
    /** Protocol Buffers. */
    PROTOBUF
}
