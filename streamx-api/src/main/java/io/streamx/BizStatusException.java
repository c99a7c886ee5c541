package io.streamx;

import java.util.Map;
import java.util.Objects;

/**
 * A business error: an outcome both ends agreed on, not a fault of the call. A handler throws it, the caller catches it
 * with the same code, message and extra entries. Code 0 means success in Kitex and is refused here.
 *
 * <p>Source: spec ttheader-streaming section 10; kitex pkg/kerrors/bizerrors.go.
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
        super("biz error: code=" + code + ", msg=" + message + (extra.isEmpty() ? "" : ", extra=" + extra));
        if (code == 0) {
            throw new IllegalArgumentException("code: 0 (expected: a number other than 0, which means success)");
        }
        this.code = code;
        this.bizMessage = Objects.requireNonNull(message, "message");
        this.extra = Map.copyOf(extra);
    }

    /** The code the handler chose; never 0. */
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

    @Override
    public BizStatusException onThisThread() {
        return new BizStatusException(code, bizMessage, extra);
    }
}
