package io.streamx.grpc.protocol;

import io.streamx.service.PayloadFormat;

/** How a server words outcomes other than the result. Clients understand both. */
public enum Dialect {
    /**
     * The words of Kitex: 20 and 1 for unknown services and methods, {@code " [biz error]"} behind what a handler says.
     */
    KITEX,
    /**
     * The words of other gRPC servers: 12 UNIMPLEMENTED for unknown services and methods, and messages as the handler
     * wrote them.
     */
    STANDARD;

    /** What peers that speak a payload format expect: Thrift over gRPC is spoken by Kitex alone. */
    public static Dialect of(PayloadFormat format) {
        return format == PayloadFormat.THRIFT ? KITEX : STANDARD;
    }
}
