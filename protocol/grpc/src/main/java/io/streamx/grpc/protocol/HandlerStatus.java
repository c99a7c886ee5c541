package io.streamx.grpc.protocol;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.UnimplementedException;
import io.streamx.service.PayloadFormat;
import io.streamx.wire.ServerRuntime.Lookup;
import io.streamx.wire.Thrown;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended, as a server's trailers tell it.
 *
 * <p>Source: docs/protocol/grpc.md "8.1 From an error of the server to trailers".
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
    public static final HandlerStatus OK = of(StatusCode.OK, "");

    /** The mark that Kitex puts behind the message of a handler. */
    private static final String FROM_HANDLER = " [biz error]";

    /** A status without details. */
    public static HandlerStatus of(int code, String message) {
        return new HandlerStatus(code, message, List.of(), null);
    }

    /**
     * What a call came to.
     *
     * @param failure what was thrown; null for success
     * @param fromHandler whether the handler itself threw it, not a middleware and not the runtime
     * @param fullMethod {@code Service.Method}
     */
    public static HandlerStatus of(
            @Nullable Throwable failure, boolean fromHandler, String fullMethod, Dialect dialect) {
        if (failure == null) {
            return OK;
        }
        BizStatusException business = Thrown.business(failure, fromHandler);
        if (business != null) {
            StatusException under = business.status();
            return new HandlerStatus(
                    under == null ? StatusCode.INTERNAL : under.code(),
                    business.bizMessage(),
                    under == null ? List.of() : under.details(),
                    business);
        }
        if (failure instanceof Error) {
            return of(StatusCode.INTERNAL, Thrown.panic(failure, fullMethod));
        }
        if (failure instanceof UnimplementedException) {
            // Kitex has no such methods, and its callers know the code as well as others do.
            return of(StatusCode.UNIMPLEMENTED, Thrown.text(failure));
        }
        String suffix = suffix(fromHandler, dialect);
        StatusException status = Thrown.find(StatusException.class, failure, fromHandler);
        if (status != null) {
            return new HandlerStatus(status.code(), status.statusMessage() + suffix, status.details(), null);
        }
        int code = failure instanceof ApplicationException own ? code(own.type(), dialect) : ofAnyException(dialect);
        return of(code, Thrown.text(failure) + suffix);
    }

    /** This status with another message. */
    HandlerStatus withMessage(String other) {
        return new HandlerStatus(code, other, details, business);
    }

    /** This status without details. */
    HandlerStatus withoutDetails() {
        return details.isEmpty() ? this : new HandlerStatus(code, message, List.of(), business);
    }

    private static String suffix(boolean fromHandler, Dialect dialect) {
        return fromHandler && dialect == Dialect.KITEX ? FROM_HANDLER : "";
    }

    /**
     * The status for a request of a Protobuf method that is no such message. Kitex numbers what its Thrift decoder says
     * and nothing that its Protobuf decoder says (kitex: pkg/remote/codec/grpc/grpc.go, Decode).
     */
    public static HandlerStatus undecodableProtobuf(
            ApplicationException failure, boolean fromHandler, Dialect dialect) {
        return of(StatusCode.INTERNAL, Thrown.text(failure) + suffix(fromHandler, dialect));
    }

    /** The code for an exception that names none. Kitex has 13 INTERNAL; gRPC's own servers have 2 UNKNOWN. */
    private static int ofAnyException(Dialect dialect) {
        return switch (dialect) {
            case KITEX -> StatusCode.INTERNAL;
            case STANDARD -> StatusCode.UNKNOWN;
        };
    }

    /** Kitex sends the type of a Thrift exception as the code of the status, whatever that means elsewhere. */
    private static int code(int type, Dialect dialect) {
        return switch (dialect) {
            case KITEX -> type > StatusCode.OK ? type : StatusCode.INTERNAL;
            case STANDARD ->
                type == ApplicationException.UNKNOWN_METHOD || type == ApplicationException.UNKNOWN_SERVICE
                        ? StatusCode.UNIMPLEMENTED
                        : StatusCode.INTERNAL;
        };
    }

    /** No service has that name. */
    public static HandlerStatus unknownService(GrpcPath path, Dialect dialect) {
        return of(unknownServiceCode(dialect), "unknown service " + called(path, dialect));
    }

    /** The service as a message names it. Kitex leaves the package out, since Kitex does not look at packages. */
    private static String called(GrpcPath path, Dialect dialect) {
        return HeaderText.shown(
                switch (dialect) {
                    case KITEX -> path.service();
                    case STANDARD -> path.fullService();
                });
    }

    /** The path names no service in full, and several have its simple name. */
    public static HandlerStatus ambiguousService(GrpcPath path, Lookup.Ambiguous services, Dialect dialect) {
        return of(unknownServiceCode(dialect), services.message(HeaderText.shown(path.fullService())));
    }

    private static int unknownServiceCode(Dialect dialect) {
        return switch (dialect) {
            case KITEX -> StatusCode.UNKNOWN_SERVICE;
            case STANDARD -> StatusCode.UNIMPLEMENTED;
        };
    }

    /** The service is there, and the method is not. */
    public static HandlerStatus unknownMethod(GrpcPath path, Dialect dialect) {
        String message = "unknown method " + HeaderText.shown(path.method());
        return switch (dialect) {
            case KITEX -> of(ApplicationException.UNKNOWN_METHOD, message);
            case STANDARD -> of(StatusCode.UNIMPLEMENTED, message + " for service " + called(path, dialect));
        };
    }

    /** The method's messages are of another format than the caller's. */
    public static HandlerStatus wrongFormat(RequestHead head, PayloadFormat served) {
        String found = ": " + HeaderText.shown(head.fullMethod()) + " with content-type "
                + HeaderText.shown(head.contentType().value()) + " (expected: "
                + ContentType.of(served).value() + ")";
        return switch (served) {
            case THRIFT -> of(StatusCode.INTERNAL, "grpc invalid payload" + found);
            case PROTOBUF ->
                of(StatusCode.FAILED_PRECONDITION, "decode failed, codec msg type not match with thriftCodec" + found);
        };
    }

    /** The caller compresses with something that this server does not know. */
    public static HandlerStatus unknownEncoding(String encoding, List<String> known, Dialect dialect) {
        String found = "grpc-encoding '" + HeaderText.shown(encoding) + "' (expected: one of "
                + String.join(", ", known) + ")";
        return switch (dialect) {
            case KITEX ->
                of(
                        StatusCode.INTERNAL,
                        "no kitex compressor registered found for:" + HeaderText.shown(encoding) + ": " + found);
            case STANDARD -> of(StatusCode.UNIMPLEMENTED, found);
        };
    }

    /** Whether the call did its work. */
    public boolean isOk() {
        return code == StatusCode.OK;
    }
}
