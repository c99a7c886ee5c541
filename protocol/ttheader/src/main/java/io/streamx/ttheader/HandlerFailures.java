package io.streamx.ttheader;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.StreamException;
import io.streamx.wire.Thrown;
import org.jspecify.annotations.Nullable;

/**
 * What a failed handler or middleware says to the caller of a stream or a unary call.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "10. Handler results", docs/protocol/unary.md "5. Server".
 */
public final class HandlerFailures {
    private HandlerFailures() {}

    /**
     * The business error that a failure is or, from a handler, was caused by; null for one of code 0, which callers would
     * take for success.
     */
    public static @Nullable BizStatusException business(Throwable failure, boolean fromHandler) {
        BizStatusException business = Thrown.business(failure, fromHandler);
        return business == null || business.code() == 0 ? null : business;
    }

    /** Any other failure. */
    public static ApplicationException application(Throwable failure, boolean fromHandler, String fullMethod) {
        if (failure instanceof Error) {
            return internal(Thrown.panic(failure, fullMethod));
        }
        if (fromHandler) {
            return internal("biz error: " + Thrown.text(failure));
        }
        return switch (failure) {
            case ApplicationException own -> own;
            case StreamException own -> new ApplicationException(own.code(), Thrown.text(own));
            default -> internal(Thrown.text(failure));
        };
    }

    private static ApplicationException internal(String message) {
        return new ApplicationException(ApplicationException.INTERNAL_ERROR, message);
    }
}
