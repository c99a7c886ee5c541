package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * How a call ended, in one word of a small set: numbers that a handler may choose freely are not among them, so the word can
 * be the label of a metric.
 */
final class CallOutcome {
    private static final String ERROR = "error";

    private CallOutcome() {}

    static String of(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> "ok";
            case BizStatusException business -> "business_error";
            case DeclaredException declared -> "declared_exception";
            case ApplicationException application -> ofType(application);
            case RpcException other -> ofStatus(other.statusCode());
            default -> ERROR;
        };
    }

    private static String ofType(ApplicationException failure) {
        return switch (failure.type()) {
            case ApplicationException.PROTOCOL_ERROR, ApplicationException.INVALID_PROTOCOL -> "protocol_error";
            default -> ofStatus(failure.statusCode());
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
            default -> ERROR;
        };
    }
}
