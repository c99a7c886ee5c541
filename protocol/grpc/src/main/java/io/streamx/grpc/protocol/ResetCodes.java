package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Error;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import java.util.List;

/**
 * What the error code of an RST_STREAM means. Source: docs/protocol/grpc.md "8.2 Errors that arise at the client" and
 * "9. Streams and cancelling".
 */
public final class ResetCodes {
    /** A code of Kitex' own: the server gives up its running streams because it is to stop. */
    public static final long GRACEFUL_SHUTDOWN = 1000;

    private ResetCodes() {}

    /**
     * What a client makes of a reset.
     *
     * @param deadlinePassed whether the caller's own time has run out, which the server may have noticed first
     */
    public static StatusException atClient(long errorCode, boolean deadlinePassed) {
        if (errorCode == GRACEFUL_SHUTDOWN) {
            return GrpcFailures.CLIENT.gracefulShutdown();
        }
        int code = code(errorCode);
        if (code == StatusCode.CANCELLED && deadlinePassed) {
            code = StatusCode.DEADLINE_EXCEEDED;
        }
        return status(code, "stream terminated by RST_STREAM with error code: " + name(errorCode));
    }

    private static int code(long errorCode) {
        Http2Error error = Http2Error.valueOf(errorCode);
        if (error == null) {
            return StatusCode.UNKNOWN;
        }
        return switch (error) {
            case NO_ERROR,
                    PROTOCOL_ERROR,
                    INTERNAL_ERROR,
                    SETTINGS_TIMEOUT,
                    STREAM_CLOSED,
                    FRAME_SIZE_ERROR,
                    COMPRESSION_ERROR,
                    CONNECT_ERROR,
                    HTTP_1_1_REQUIRED -> StatusCode.INTERNAL;
            case FLOW_CONTROL_ERROR, ENHANCE_YOUR_CALM -> StatusCode.RESOURCE_EXHAUSTED;
            case REFUSED_STREAM -> StatusCode.UNAVAILABLE;
            case CANCEL -> StatusCode.CANCELLED;
            case INADEQUATE_SECURITY -> StatusCode.PERMISSION_DENIED;
        };
    }

    /**
     * What a server makes of a reset.
     *
     * @param source the calling service; empty when it is not known
     */
    public static StatusException atServer(long errorCode, String source) {
        if (errorCode == GRACEFUL_SHUTDOWN) {
            return GrpcFailures.SERVER.gracefulShutdown();
        }
        return status(
                StatusCode.CANCELLED,
                "transport: RSTStream Frame received with error code: " + name(errorCode) + " [triggered by "
                        + (source.isEmpty() ? "remote service" : HeaderText.shown(source)) + "]");
    }

    private static StatusException status(int code, String message) {
        return StatusException.outcome(code, message, List.of(), null);
    }

    /**
     * The code with which an end gives up a stream whose peer has broken no rule. As with Kitex it is CANCEL, whatever
     * the reason.
     */
    public static long of(RpcException reason) {
        return Http2Error.CANCEL.code();
    }

    /** The name of a code, such as {@code CANCEL}; the number itself where there is none. */
    public static String name(long errorCode) {
        Http2Error error = Http2Error.valueOf(errorCode);
        return error == null ? Long.toString(errorCode) : error.name();
    }
}
