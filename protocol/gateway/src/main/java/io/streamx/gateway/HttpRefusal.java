package io.streamx.gateway;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.streamx.StatusCode;

/** A request that is not run, with the answer that it gets. */
final class HttpRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int httpStatus;
    private final int code;

    /**
     * A refusal.
     *
     * @param code of gRPC, as {@link StatusCode} has them
     */
    HttpRefusal(HttpResponseStatus status, int code, String message) {
        super(message, null, false, false);
        this.httpStatus = status.code();
        this.code = code;
    }

    static HttpRefusal badRequest(String message) {
        return new HttpRefusal(HttpResponseStatus.BAD_REQUEST, StatusCode.INVALID_ARGUMENT, message);
    }

    static HttpRefusal forbidden(String message) {
        return new HttpRefusal(HttpResponseStatus.FORBIDDEN, StatusCode.PERMISSION_DENIED, message);
    }

    static HttpRefusal unknown(String message) {
        return new HttpRefusal(HttpResponseStatus.NOT_FOUND, StatusCode.UNIMPLEMENTED, message);
    }

    static HttpRefusal wrongMethod(String message) {
        return new HttpRefusal(HttpResponseStatus.METHOD_NOT_ALLOWED, StatusCode.UNKNOWN, message);
    }

    static HttpRefusal wrongType(String message) {
        return new HttpRefusal(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, StatusCode.UNKNOWN, message);
    }

    static HttpRefusal unimplemented(String message) {
        return new HttpRefusal(HttpResponseStatus.NOT_IMPLEMENTED, StatusCode.UNIMPLEMENTED, message);
    }

    static HttpRefusal unavailable(String message) {
        return new HttpRefusal(HttpResponseStatus.SERVICE_UNAVAILABLE, StatusCode.UNAVAILABLE, message);
    }

    static HttpRefusal targetTooLong(int limit) {
        return new HttpRefusal(
                HttpResponseStatus.REQUEST_URI_TOO_LONG,
                StatusCode.RESOURCE_EXHAUSTED,
                "a request line of more than " + limit + " bytes");
    }

    static HttpRefusal headersTooLarge(int limit) {
        return new HttpRefusal(
                HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                StatusCode.RESOURCE_EXHAUSTED,
                "headers of more than " + limit + " bytes");
    }

    static HttpRefusal bodyTooLarge(long bytes, int limit) {
        return new HttpRefusal(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                StatusCode.RESOURCE_EXHAUSTED,
                "a body of " + bytes + " bytes or more (expected: at most " + limit + ")");
    }

    /** What the caller is told. */
    CallError error() {
        return CallError.of(httpStatus, code, String.valueOf(getMessage()));
    }
}
