package io.streamx;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A business error: an outcome both ends agreed on, not a fault of the call. A handler throws it, the caller catches it
 * with the same code, message and extra entries. Code 0 means success in Kitex and is refused here. The exception is
 * code 0 of a gRPC peer whose status says that the call failed.
 *
 * <pre>{@code
 * if (req.message().isEmpty()) {
 *     throw new BizStatusException(10001, "nothing to say", Map.of("field", "message"));
 * }
 * }</pre>
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "10. Handler results", docs/protocol/grpc.md "8. Statuses"; kitex
 * pkg/kerrors/bizerrors.go.
 */
public final class BizStatusException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String bizMessage;
    private final transient Map<String, String> extra;

    /** A business error without extra entries. */
    public BizStatusException(int code, String message) {
        this(code, message, Map.of());
    }

    /** A business error; {@code extra} travels as string entries and may be empty. */
    public BizStatusException(int code, String message, Map<String, String> extra) {
        this(code, message, extra, null);
    }

    /**
     * A business error with the gRPC status it travels under, which is also its cause. Carriers other than gRPC leave the
     * status out.
     *
     * @param status code and details beside the business error; its message is not sent. Null stands for the usual 13
     *     INTERNAL
     */
    public BizStatusException(int code, String message, Map<String, String> extra, @Nullable StatusException status) {
        super("biz error: code=" + code + ", msg=" + message + (extra.isEmpty() ? "" : ", extra=" + extra), status);
        if (code == 0 && status == null) {
            throw new IllegalArgumentException("code: 0 (expected: a number other than 0, which means success)");
        }
        this.code = code;
        this.bizMessage = Objects.requireNonNull(message, "message");
        this.extra = Map.copyOf(extra);
    }

    /** The code the handler chose; 0 only together with a {@link #status}. */
    public int code() {
        return code;
    }

    /** The handler's message, without the prefix of {@link #getMessage()}. */
    public String bizMessage() {
        return bizMessage;
    }

    /** The handler's extra entries; empty when it gave none. */
    public Map<String, String> extra() {
        return extra;
    }

    /** The gRPC status under which the error came or is to travel; null where there is none. */
    public @Nullable StatusException status() {
        return getCause() instanceof StatusException status ? status : null;
    }

    @Override
    public BizStatusException onThisThread() {
        return new BizStatusException(code, bizMessage, extra, status());
    }

    @Override
    public int statusCode() {
        StatusException under = status();
        return under == null ? StatusCode.UNKNOWN : under.code();
    }
}
