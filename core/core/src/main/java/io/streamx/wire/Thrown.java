package io.streamx.wire;

import io.streamx.BizStatusException;
import org.jspecify.annotations.Nullable;

/**
 * What every wire reads in the exception that ended a handler or a middleware.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "10. Handler results", docs/protocol/unary.md "5. Server",
 * docs/protocol/grpc.md "8. Statuses".
 */
public final class Thrown {
    /** More causes than any honest chain has, so that a chain that goes in a circle ends too. */
    private static final int MAX_CAUSES = 64;

    private Thrown() {}

    /** The business error that a failure is or, from a handler, was caused by. */
    public static @Nullable BizStatusException business(Throwable failure, boolean fromHandler) {
        return find(BizStatusException.class, failure, fromHandler);
    }

    /**
     * The failure, or the first of its causes, that is of {@code type}. Without {@code amongCauses} only the failure
     * itself is looked at.
     */
    public static <T extends Throwable> @Nullable T find(Class<T> type, Throwable failure, boolean amongCauses) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            if (!amongCauses) {
                return null;
            }
            cause = causeOf(cause);
        }
        return null;
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable own) {
            // The exception is of a user's class, whose methods may do anything.
            return null;
        }
    }

    /** The message of a failure, or its class when it has no message or cannot say it. */
    public static String text(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null ? failure.getClass().getName() : message;
        } catch (Throwable own) {
            return failure.getClass().getName() + ", whose message cannot be had: "
                    + own.getClass().getName();
        }
    }

    private static String described(Throwable failure) {
        try {
            return failure.toString();
        } catch (Throwable own) {
            return text(failure);
        }
    }

    /** What the caller is told of an {@link Error}. */
    public static String panic(Throwable failure, String fullMethod) {
        return "panic: [happened in biz handler, method=" + fullMethod + ", please check the panic at the server side] "
                + described(failure);
    }
}
