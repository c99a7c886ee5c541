package io.streamx.ttheader;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed handler or middleware says to the caller of a stream or a unary call.
 *
 * <p>Source: spec ttheader-streaming section 10, unary-thrift section 5.
 */
public final class HandlerFailures {
    /** Deeper than any honest chain of causes; ends one that goes in a circle. */
    private static final int MAX_CAUSES = 64;

    private HandlerFailures() {}

    /** The business error that a failure is or, from a handler, was caused by. */
    public static @Nullable BizStatusException business(Throwable failure, boolean fromHandler) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof BizStatusException business) {
                return business;
            }
            if (!fromHandler) {
                return null;
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** Any other failure. */
    public static ApplicationException application(Throwable failure, boolean fromHandler, String fullMethod) {
        if (failure instanceof Error) {
            return internal("panic: [happened in biz handler, method=" + fullMethod
                    + ", please check the panic at the server side] " + failure);
        }
        if (fromHandler) {
            return internal("biz error: " + text(failure));
        }
        return switch (failure) {
            case ApplicationException own -> own;
            case StreamException own -> new ApplicationException(own.code(), text(own));
            default -> internal(text(failure));
        };
    }

    private static ApplicationException internal(String message) {
        return new ApplicationException(ApplicationException.INTERNAL_ERROR, message);
    }

    /** What a failure says, or what it is when it says nothing. */
    public static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getName() : message;
    }
}
