package io.streamx.grpc.protocol;

import io.streamx.RpcException;
import io.streamx.StatusException;

/** What the error code of an RST_STREAM means. Source: spec grpc section 8.2. */
public final class ResetCodes {
    /** Kitex' own: the server gives up its running streams because it is to stop. */
    public static final long GRACEFUL_SHUTDOWN = 1000;

    private ResetCodes() {}

    /**
     * What a client makes of a reset.
     *
     * @param deadlinePassed whether the caller's own time has run out, which the server may have noticed first
     */
    public static StatusException atClient(long errorCode, boolean deadlinePassed) {
        return Unfinished.body(errorCode + " " + deadlinePassed);
    }

    /**
     * What a server makes of a reset.
     *
     * @param source the calling service; empty when not known
     */
    public static StatusException atServer(long errorCode, String source) {
        return Unfinished.body(errorCode + source);
    }

    /** The code a client gives a stream up with. */
    public static long of(RpcException reason) {
        return Unfinished.body(reason);
    }

    /** The name of a code, such as {@code CANCEL}; the number itself where there is none. */
    public static String name(long errorCode) {
        return Unfinished.body(Long.toString(errorCode));
    }
}
