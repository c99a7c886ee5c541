package io.streamx.ttheader;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.RpcException;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.UnimplementedException;
import io.streamx.wire.Thrown;
import org.jspecify.annotations.Nullable;

/**
 * What a failed handler or middleware says to the caller of a stream or a unary call.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "10. Handler results", docs/protocol/unary.md "5. Server".
 */
public final class HandlerFailures {
    /** The mark that Kitex puts behind the message of a handler that chose the type of its exception. */
    private static final String FROM_HANDLER = " [biz error]";

    private HandlerFailures() {}

    /**
     * The business error that a failure is or, from a handler, was caused by; null for one of code 0, which callers would
     * take for success.
     */
    public static @Nullable BizStatusException business(Throwable failure, boolean fromHandler) {
        BizStatusException business = Thrown.business(failure, fromHandler);
        return business == null || business.code() == 0 ? null : business;
    }

    /**
     * The application exception for a failure that is no business error. An {@link ApplicationException} that a handler
     * throws keeps its type, with the mark that Kitex puts behind such a message (kitex: pkg/remote/trans_errors.go,
     * NewTransErrorWithMsg). What middleware or the runtime threw keeps its status code, where that is one that is told
     * ({@link ToldStatus}).
     */
    public static ApplicationException application(Throwable failure, boolean fromHandler, String fullMethod) {
        ApplicationException told = told(failure, fromHandler, fullMethod);
        return !fromHandler && failure instanceof RpcException runtime && ToldStatus.isTold(runtime.statusCode())
                ? told.withStatusCode(runtime.statusCode())
                : told;
    }

    private static ApplicationException told(Throwable failure, boolean fromHandler, String fullMethod) {
        if (failure instanceof Error) {
            return internal(Thrown.panic(failure, fullMethod));
        }
        return switch (failure) {
            case ApplicationException own -> fromHandler ? marked(own) : own;
            case UnimplementedException own ->
                ApplicationException.outcome(ApplicationException.UNKNOWN_METHOD, Thrown.text(own));
            case StatusException own -> internal(fromHandler ? "biz error: " + goText(own) : goText(own));
            case StreamException own ->
                fromHandler ? fromHandler(own) : ApplicationException.outcome(own.code(), Thrown.text(own));
            default -> fromHandler ? fromHandler(failure) : internal(Thrown.text(failure));
        };
    }

    private static ApplicationException fromHandler(Throwable failure) {
        return internal("biz error: " + Thrown.text(failure));
    }

    private static ApplicationException marked(ApplicationException own) {
        return ApplicationException.outcome(own.type(), Thrown.text(own) + FROM_HANDLER);
    }

    /** A gRPC status on a carrier that has none, in the words of Kitex' callers. */
    private static String goText(StatusException status) {
        return "rpc error: code = " + status.code() + " desc = " + status.statusMessage();
    }

    private static ApplicationException internal(String message) {
        return ApplicationException.outcome(ApplicationException.INTERNAL_ERROR, message);
    }
}
