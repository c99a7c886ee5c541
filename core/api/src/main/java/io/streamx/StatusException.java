package io.streamx;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC status other than OK. A handler throws it to choose what its caller sees; a caller catches it as the outcome of
 * a gRPC call that failed, here or at the server.
 *
 * <pre>{@code
 * String token = call.metadata().first("token");
 * if (token == null) {
 *     throw new StatusException(StatusCode.UNAUTHENTICATED, "no token");
 * }
 * }</pre>
 *
 * <p>Source: docs/protocol/grpc.md "8. Statuses".
 */
public final class StatusException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String statusMessage;
    private final transient List<StatusDetail> details;

    /** A status without details. */
    public StatusException(int code, String message) {
        this(code, message, List.of(), null);
    }

    /** A status with details. */
    public StatusException(int code, String message, List<StatusDetail> details) {
        this(code, message, details, null);
    }

    /**
     * A status with details and what it came from.
     *
     * @param code greater than 0, usually a constant of {@link StatusCode}
     * @param message for the caller; may be empty
     */
    public StatusException(int code, String message, List<StatusDetail> details, @Nullable Throwable cause) {
        this(code, message, details, cause, true);
    }

    private StatusException(
            int code, String message, List<StatusDetail> details, @Nullable Throwable cause, boolean stackTrace) {
        super("status " + shown(code) + ": " + Objects.requireNonNull(message, "message"), cause, stackTrace);
        if (code <= StatusCode.OK) {
            throw new IllegalArgumentException("code: " + code + " (expected: > 0; 0 is success)");
        }
        this.code = code;
        this.statusMessage = message;
        this.details = List.copyOf(details);
    }

    /**
     * A status with details and without a stack trace: the outcome of a call as a value, made where a trace would say
     * nothing. Whoever reports the outcome throws {@link #onThisThread()}.
     */
    public static StatusException outcome(
            int code, String message, List<StatusDetail> details, @Nullable Throwable cause) {
        return new StatusException(code, message, details, cause, false);
    }

    private static String shown(int code) {
        String name = StatusCode.name(code);
        return name.equals(Integer.toString(code)) ? name : code + " " + name;
    }

    /** The gRPC status code; one that {@link StatusCode} does not name is as the peer sent it. */
    public int code() {
        return code;
    }

    /** The name of the code, such as {@code UNAVAILABLE}, or its number when it has none. */
    public String codeName() {
        return StatusCode.name(code);
    }

    /** The message as it travels, without the code that {@link #getMessage()} puts before it. */
    public String statusMessage() {
        return statusMessage;
    }

    /** Status details, empty when there are none. */
    public List<StatusDetail> details() {
        return details;
    }

    @Override
    public StatusException onThisThread() {
        return new StatusException(code, statusMessage, details, getCause());
    }

    @Override
    public int statusCode() {
        return code;
    }
}
