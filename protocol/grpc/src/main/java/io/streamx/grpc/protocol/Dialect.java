package io.streamx.grpc.protocol;

import io.streamx.service.PayloadFormat;

/** How a server words what is not the caller's result. Clients understand both. */
public enum Dialect {
    /** As Kitex does: 20 and 1 for unknown services and methods, {@code " [biz error]"} behind what a handler says. */
    KITEX,
    /** As the rest of the world does: 12 UNIMPLEMENTED, messages as the handler wrote them. */
    STANDARD;

    /** What peers that speak a payload format expect: Thrift over gRPC is Kitex' own. */
    public static Dialect of(PayloadFormat format) {
        return format == PayloadFormat.THRIFT ? KITEX : STANDARD;
    }
}
