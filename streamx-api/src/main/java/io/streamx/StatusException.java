package io.streamx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A gRPC status other than OK. */
public final class StatusException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient List<Object> details;

    /** A status without details. */
    public StatusException(int code, String message) {
        this(code, message, List.of(), null);
    }

    /** A status; {@code details} are the messages of {@code google.rpc.Status} when the peer sent them. */
    public StatusException(int code, String message, List<Object> details, @Nullable Throwable cause) {
        super("status " + code + ": " + message, cause);
        this.code = code;
        this.details = List.copyOf(details);
    }

    private StatusException(StatusException other) {
        super(String.valueOf(other.getMessage()), other.getCause());
        this.code = other.code;
        this.details = other.details;
    }

    /** The gRPC status code; Kitex also uses 17 and 20. */
    public int code() {
        return code;
    }

    /** Status details, empty when there are none. */
    public List<Object> details() {
        return details;
    }

    @Override
    public StatusException onThisThread() {
        return new StatusException(this);
    }
}
