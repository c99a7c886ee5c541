package io.streamx.cli;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.UnavailableException;
import io.streamx.generic.Form;
import io.streamx.generic.GenericException;
import io.streamx.generic.JsonOptions;
import io.streamx.wire.NotSentException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts what a call may throw. */
final class Reports {
    /** How the runtime begins to speak of a connection that cannot be made. */
    private static final String NOT_CONNECTED = "cannot connect to ";
    /** How the runtime speaks of a registry that cannot be asked, where no caller has set a limit of time. */
    private static final String NOT_FOUND_IN_TIME = " within the connection wait of ";
    /** How the runtime speaks of a unary call whose connection ended. */
    private static final String LOST = ": the connection ";

    private Reports() {}

    /** What is said of a failure; a declared exception is written as {@code json} says. */
    static Report of(RuntimeException failure, JsonOptions json) {
        return switch (failure) {
            case BizStatusException e ->
                Report.of("business-error", "business error", ExitCodes.BUSINESS_ERROR, e.bizMessage())
                        .withCode(e.code(), null)
                        .withExtra(e.extra())
                        .withDetails(details(e.status()));
            case GenericException e ->
                Report.of("declared-exception", "exception", ExitCodes.DECLARED_EXCEPTION, text(e))
                        .withException(e.type(), json(e, json));
            case RpcTimeoutException e -> isAboutConnecting(e) ? connection(e) : timeout(e);
            case UnavailableException e -> connection(e);
            case StreamException e -> of(e);
            case StatusException e -> of(e);
            case ApplicationException e -> rpc(text(e)).withCode(e.type(), null);
            case RpcException e -> isAboutConnecting(e) || isLostConnection(e) ? connection(e) : rpc(text(e));
            case BadInputException e -> badInput(text(e));
            case IllegalArgumentException e -> badInput(text(e));
            default -> Report.of("failed", "failed", ExitCodes.FAILED, failure.toString());
        };
    }

    /** What is said of wrong input. */
    static Report badInput(String text) {
        return Report.of("bad-input", "bad input", ExitCodes.BAD_INPUT, text);
    }

    private static Report of(StreamException e) {
        Report report = switch (e.kind()) {
            case TIMEOUT -> timeout(e);
            case APPLICATION, CANCELED -> rpc(text(e));
            case PROTOCOL ->
                e.code() == StreamException.TRANSPORT_CLOSING || e.code() == StreamException.CONNECTION_CLOSED
                        ? connection(e)
                        : rpc(text(e));
        };
        return report.withCode(e.code(), null).withCancelPath(e.cancelPath());
    }

    private static Report of(StatusException e) {
        Report report = switch (e.code()) {
            case StatusCode.DEADLINE_EXCEEDED, StatusCode.RECV_DEADLINE_EXCEEDED ->
                Report.of("timeout", "timeout", ExitCodes.TIMEOUT, e.statusMessage());
            case StatusCode.UNAVAILABLE ->
                Report.of("connection", "no connection", ExitCodes.CONNECTION, e.statusMessage());
            default -> rpc(e.statusMessage());
        };
        return report.withCode(e.code(), e.codeName()).withDetails(details(e));
    }

    private static Report rpc(String text) {
        return Report.of("rpc-error", "RPC error", ExitCodes.RPC_ERROR, text);
    }

    private static Report timeout(RpcException e) {
        return Report.of("timeout", "timeout", ExitCodes.TIMEOUT, text(e));
    }

    private static Report connection(RpcException e) {
        return Report.of("connection", "no connection", ExitCodes.CONNECTION, text(e));
    }

    private static boolean isAboutConnecting(RpcException e) {
        return text(e).startsWith(NOT_CONNECTED) || text(e).contains(NOT_FOUND_IN_TIME);
    }

    /** The runtime has no class of its own for a unary call whose connection ended. */
    private static boolean isLostConnection(RpcException e) {
        return e instanceof NotSentException || text(e).contains(LOST);
    }

    private static String json(GenericException e, JsonOptions options) {
        String text = Form.json(options).message(e.fields());
        return text == null ? "{}" : text;
    }

    private static List<Report.Detail> details(@Nullable StatusException status) {
        return status == null
                ? List.of()
                : status.details().stream().map(Reports::detail).toList();
    }

    private static Report.Detail detail(StatusDetail detail) {
        byte[] bytes = new byte[detail.size()];
        detail.value().get(bytes);
        return new Report.Detail(detail.typeName(), Base64.getEncoder().encodeToString(bytes));
    }

    private static String text(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
