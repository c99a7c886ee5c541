package io.streamx;

/** What a unary Thrift call travels on when the transport is not gRPC. Source: spec unary-thrift section 1. */
public enum PingPong {
    /** Length and strict Thrift message; Kitex' default since 0.13. Carries no metainfo. */
    FRAMED,
    /** The strict Thrift message alone. Carries no metainfo. */
    BUFFERED,
    /** TTHeader in front of the message. */
    TTHEADER,
    /** TTHeader in front of length and message. */
    TTHEADER_FRAMED
}
