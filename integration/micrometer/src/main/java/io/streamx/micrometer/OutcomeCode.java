package io.streamx.micrometer;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.ContextCancelledException;
import io.streamx.DeclaredException;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended, in one word of a small set: numbers that a handler may choose freely do not become values of a tag.
 */
final class OutcomeCode {
    private OutcomeCode() {}

    static String of(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> "ok";
            case BizStatusException business -> "business_error";
            case DeclaredException declared -> "declared_exception";
            case RpcTimeoutException timeout -> "timeout";
            case ContextCancelledException cancelled -> "cancelled";
            case StatusException status -> ofStatus(status.code());
            case StreamException stream -> ofStream(stream.code());
            case ApplicationException application -> ofType(application.type());
            default -> "error";
        };
    }

    private static String ofStatus(int code) {
        return switch (code) {
            case StatusCode.CANCELLED -> "cancelled";
            case StatusCode.DEADLINE_EXCEEDED, StatusCode.RECV_DEADLINE_EXCEEDED -> "timeout";
            case StatusCode.UNAVAILABLE -> "unavailable";
            case StatusCode.UNIMPLEMENTED, StatusCode.UNKNOWN_SERVICE -> "unknown_method";
            case StatusCode.RESOURCE_EXHAUSTED -> "resource_exhausted";
            case StatusCode.INVALID_ARGUMENT -> "invalid_argument";
            case StatusCode.NOT_FOUND -> "not_found";
            case StatusCode.ALREADY_EXISTS -> "already_exists";
            case StatusCode.PERMISSION_DENIED -> "permission_denied";
            case StatusCode.FAILED_PRECONDITION -> "failed_precondition";
            case StatusCode.ABORTED -> "aborted";
            case StatusCode.OUT_OF_RANGE -> "out_of_range";
            case StatusCode.DATA_LOSS -> "data_loss";
            case StatusCode.UNAUTHENTICATED -> "unauthenticated";
            default -> "error";
        };
    }

    private static String ofStream(int code) {
        return switch (code) {
            case StreamException.CANCELED,
                    StreamException.CANCELED_WITH_CAUSE,
                    StreamException.CANCELED_BY_DOWNSTREAM,
                    StreamException.CANCELED_BY_UPSTREAM,
                    StreamException.INTERNAL_CANCELED -> "cancelled";
            case StreamException.RECV_TIMEOUT, StreamException.STREAM_TIMEOUT -> "timeout";
            case StreamException.CONNECTION_CLOSED, StreamException.TRANSPORT_CLOSING -> "unavailable";
            default -> "error";
        };
    }

    private static String ofType(int type) {
        return switch (type) {
            case ApplicationException.UNKNOWN_METHOD,
                    ApplicationException.UNKNOWN_SERVICE,
                    ApplicationException.NO_SERVICE_NAME -> "unknown_method";
            case ApplicationException.PROTOCOL_ERROR, ApplicationException.INVALID_PROTOCOL -> "protocol_error";
            default -> "error";
        };
    }
}
