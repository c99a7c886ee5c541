package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * A Thrift application exception: the peer could not run a call, or its handler failed with an undeclared error.
 *
 * <p>Source: docs/protocol/unary.md "4. Exception types".
 */
public final class ApplicationException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** No reason known. */
    public static final int UNKNOWN = 0;
    /** The service has no such method. */
    public static final int UNKNOWN_METHOD = 1;
    /** The message is of a type that cannot stand here. */
    public static final int INVALID_MESSAGE_TYPE = 2;
    /** The reply names another method than the call. */
    public static final int WRONG_METHOD_NAME = 3;
    /** The reply answers another call. */
    public static final int BAD_SEQUENCE_ID = 4;
    /** The reply holds neither a result nor a declared exception. */
    public static final int MISSING_RESULT = 5;
    /** The handler failed. */
    public static final int INTERNAL_ERROR = 6;
    /** The bytes are not what the protocol asks for. */
    public static final int PROTOCOL_ERROR = 7;
    /** The message is in a format its method does not speak. */
    public static final int INVALID_PROTOCOL = 9;
    /** Kitex: no service of that name. */
    public static final int UNKNOWN_SERVICE = 20;
    /** Kitex: the call names no service and the server insists on one. */
    public static final int NO_SERVICE_NAME = 21;

    /** {@link #statusCode} goes by the type. */
    private static final int BY_TYPE = -1;

    private final int type;
    private final int statusCode;
    private final boolean stackTrace;

    /** An application exception with its Thrift type id. */
    public ApplicationException(int type, String message) {
        this(type, message, null);
    }

    /** An application exception with its Thrift type id and the local cause. */
    public ApplicationException(int type, String message, @Nullable Throwable cause) {
        this(type, message, BY_TYPE, cause, true);
    }

    private ApplicationException(
            int type, String message, int statusCode, @Nullable Throwable cause, boolean stackTrace) {
        super(message, cause, stackTrace);
        this.stackTrace = stackTrace;
        this.type = type;
        this.statusCode = statusCode;
    }

    /**
     * An application exception without a stack trace: the outcome of a call as a value, for a server that tells its caller
     * of it and throws it nowhere.
     */
    public static ApplicationException outcome(int type, String message) {
        return new ApplicationException(type, message, BY_TYPE, null, false);
    }

    /**
     * This exception with another {@link #statusCode} than its type says, for runtimes: on TTHeader a server of StreamX for Java
     * says beside the exception that it refused the call, or that the call's time was over.
     */
    public ApplicationException withStatusCode(int code) {
        return new ApplicationException(type, String.valueOf(getMessage()), code, getCause(), stackTrace);
    }

    /** The Thrift type id, one of the constants here or a number of the peer's own. */
    public int type() {
        return type;
    }

    @Override
    public int statusCode() {
        return statusCode != BY_TYPE ? statusCode : byType();
    }

    private int byType() {
        return switch (type) {
            case UNKNOWN_METHOD, UNKNOWN_SERVICE, NO_SERVICE_NAME -> StatusCode.UNIMPLEMENTED;
            case INVALID_MESSAGE_TYPE,
                    WRONG_METHOD_NAME,
                    BAD_SEQUENCE_ID,
                    MISSING_RESULT,
                    PROTOCOL_ERROR,
                    INVALID_PROTOCOL -> StatusCode.INTERNAL;
            default -> StatusCode.UNKNOWN;
        };
    }
}
