package io.streamx.grpc.protocol;

import io.streamx.BizStatusException;
import io.streamx.StatusDetail;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server's trailers say of a call.
 *
 * @param code the gRPC status code; 0 for success
 * @param message for the caller
 * @param details details of the status
 * @param business the business error that ended the call; null for none
 */
public record HandlerStatus(
        int code,
        String message,
        List<StatusDetail> details,
        @Nullable BizStatusException business) {
    /** Success. */
    public static final HandlerStatus OK = new HandlerStatus(0, "", List.of(), null);

    /** A status without details. */
    public static HandlerStatus of(int code, String message) {
        return new HandlerStatus(code, message, List.of(), null);
    }

    /**
     * What a call came to.
     *
     * <p>Source: spec grpc section 8.1.
     *
     * @param failure what was thrown; null for success
     * @param fromHandler whether the handler itself threw it, not a middleware and not the runtime
     * @param fullMethod {@code Service.Method}
     */
    public static HandlerStatus of(
            @Nullable Throwable failure, boolean fromHandler, String fullMethod, Dialect dialect) {
        return Unfinished.body(fullMethod + failure + fromHandler + dialect);
    }

    /** No service of that name. */
    public static HandlerStatus unknownService(String service, Dialect dialect) {
        return Unfinished.body(service + dialect);
    }

    /** The service is there, the method is not. */
    public static HandlerStatus unknownMethod(String service, String method, Dialect dialect) {
        return Unfinished.body(service + method + dialect);
    }

    /** The method's messages are of another format than the caller's. */
    public static HandlerStatus wrongFormat(RequestHead head, io.streamx.service.PayloadFormat served) {
        return Unfinished.body(head.toString() + served);
    }

    /** Whether the call did its work. */
    public boolean isOk() {
        return code == 0;
    }

    /** The entries beside status and message. */
    Map<String, String> extra() {
        return business == null ? Map.of() : business.extra();
    }
}
