package io.streamx.gateway;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.grpc.protocol.Dialect;
import io.streamx.grpc.protocol.HandlerStatus;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.Thrown;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a call failed, as HTTP tells it: the code and details that gRPC would tell, and what gRPC has no place for.
 *
 * @param httpStatus the status of the response, where there is still one to send
 * @param code of gRPC
 * @param message for the caller
 * @param details details of the status
 * @param business the business error that ended the call; null for none
 * @param declared the exception of the IDL that ended the call; null for none
 * @param place what is wrong in the request; null where that is not what is wrong, or not known
 */
record CallError(
        int httpStatus,
        int code,
        String message,
        List<StatusDetail> details,
        @Nullable BizStatusException business,
        JsonMethod.@Nullable DeclaredError declared,
        @Nullable String place) {
    /** What the service has decided is no error of the transport, and no retry will change it. */
    private static final int DECIDED = HttpResponseStatus.UNPROCESSABLE_ENTITY.code();

    private static final int CLIENT_CLOSED_REQUEST = 499;

    /** An error without more than its message. */
    static CallError of(int httpStatus, int code, String message) {
        return new CallError(httpStatus, code, message, List.of(), null, null, null);
    }

    /**
     * What a handler, a middleware or the runtime has thrown.
     *
     * @param method knows the exceptions that the IDL declares; null where messages are not JSON
     */
    static CallError of(
            Throwable failure, boolean fromHandler, ServerCallContext context, @Nullable JsonMethod<?, ?> method) {
        if (failure instanceof BadJsonException bad) {
            return new CallError(
                    HttpResponseStatus.BAD_REQUEST.code(),
                    StatusCode.INVALID_ARGUMENT,
                    String.valueOf(bad.getMessage()),
                    List.of(),
                    null,
                    null,
                    bad.place());
        }
        JsonMethod.DeclaredError declared = method == null || !fromHandler ? null : method.declared(failure);
        if (declared != null) {
            return new CallError(
                    DECIDED, StatusCode.FAILED_PRECONDITION, Thrown.text(failure), List.of(), null, declared, null);
        }
        if (failure instanceof ApplicationException && context.isDecodingFailure(failure)) {
            return of(HttpResponseStatus.BAD_REQUEST.code(), StatusCode.INVALID_ARGUMENT, Thrown.text(failure));
        }
        HandlerStatus status =
                HandlerStatus.of(failure, fromHandler, context.service() + "." + context.method(), Dialect.STANDARD);
        BizStatusException business = status.business();
        if (business != null) {
            return new CallError(
                    DECIDED,
                    business.status() == null ? StatusCode.FAILED_PRECONDITION : status.code(),
                    status.message(),
                    status.details(),
                    business,
                    null,
                    null);
        }
        return new CallError(
                httpStatus(status.code()), status.code(), status.message(), status.details(), null, null, null);
    }

    /** As Connect names the code. Source: connectrpc.com/docs/protocol "Error Codes". */
    String codeName() {
        return codeName(code);
    }

    static String codeName(int code) {
        return switch (code) {
            case StatusCode.CANCELLED -> "canceled";
            case StatusCode.INVALID_ARGUMENT -> "invalid_argument";
            case StatusCode.DEADLINE_EXCEEDED -> "deadline_exceeded";
            case StatusCode.NOT_FOUND -> "not_found";
            case StatusCode.ALREADY_EXISTS -> "already_exists";
            case StatusCode.PERMISSION_DENIED -> "permission_denied";
            case StatusCode.RESOURCE_EXHAUSTED -> "resource_exhausted";
            case StatusCode.FAILED_PRECONDITION -> "failed_precondition";
            case StatusCode.ABORTED -> "aborted";
            case StatusCode.OUT_OF_RANGE -> "out_of_range";
            case StatusCode.UNIMPLEMENTED -> "unimplemented";
            case StatusCode.INTERNAL -> "internal";
            case StatusCode.UNAVAILABLE -> "unavailable";
            case StatusCode.DATA_LOSS -> "data_loss";
            case StatusCode.UNAUTHENTICATED -> "unauthenticated";
            default -> "unknown";
        };
    }

    /** The HTTP status for a code. Source: connectrpc.com/docs/protocol "Error Codes". */
    private static int httpStatus(int code) {
        return switch (code) {
            case StatusCode.CANCELLED -> CLIENT_CLOSED_REQUEST;
            case StatusCode.INVALID_ARGUMENT, StatusCode.FAILED_PRECONDITION, StatusCode.OUT_OF_RANGE -> 400;
            case StatusCode.DEADLINE_EXCEEDED -> 504;
            case StatusCode.NOT_FOUND -> 404;
            case StatusCode.ALREADY_EXISTS, StatusCode.ABORTED -> 409;
            case StatusCode.PERMISSION_DENIED -> 403;
            case StatusCode.RESOURCE_EXHAUSTED -> 429;
            case StatusCode.UNIMPLEMENTED -> 501;
            case StatusCode.UNAVAILABLE -> 503;
            case StatusCode.UNAUTHENTICATED -> 401;
            default -> 500;
        };
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: %s", codeName(), message);
    }
}
