package io.streamx;

/**
 * What a unary call travels on when the transport is not gRPC. Calls of Protobuf services, which are Kitex Protobuf then,
 * are framed behind a TTHeader whichever is chosen, as Kitex' own are. Source: docs/protocol/unary.md "1. Carriers"
 * and "8. Kitex Protobuf".
 */
public enum PingPong {
    /** Length and strict Thrift message; Kitex' default since 0.13. Carries no metainfo and no business errors. */
    FRAMED,
    /** The strict Thrift message alone. Carries no metainfo and no business errors. */
    BUFFERED,
    /** TTHeader in front of the message. */
    TTHEADER,
    /** TTHeader in front of length and message. The default: all that a call promises travels on it. */
    TTHEADER_FRAMED
}
