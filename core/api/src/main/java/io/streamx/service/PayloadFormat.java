package io.streamx.service;

/** What the messages of a service are written in. */
public enum PayloadFormat {
    /** The binary protocol of Thrift. */
    THRIFT,
    /** Protocol Buffers. */
    PROTOBUF
}
