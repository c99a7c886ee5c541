package io.streamx.resilience;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.CallCancelledException;
import io.streamx.DeclaredException;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.client.CallFailures;

/** What kind of failure ended a call, as policies name it. */
public enum FailureKind {
    /** The server has certainly not run the call: no connection, or it said so. Always safe to repeat. */
    NOT_RUN,
    /** A time limit ran out; the server may have run the call, or be running it. */
    TIMEOUT,
    /** The connection was lost or the server is going away (gRPC's UNAVAILABLE); the server may have run the call. */
    CONNECTION,
    /** The server refused the call because it has too many (gRPC's RESOURCE_EXHAUSTED); it was not run. */
    OVERLOADED,
    /** The server ran the call, and it failed there: an application exception, or another status. */
    APPLICATION,
    /** An agreed outcome: a declared exception or a business error. Neither repeated nor counted as a failure. */
    ANSWER,
    /** The caller's own side gave the call up. Neither repeated nor counted. */
    CANCELLED;

    /** The kind of a failure of a call or stream. */
    public static FailureKind of(Throwable failure) {
        if (failure instanceof BizStatusException || failure instanceof DeclaredException) {
            return ANSWER;
        }
        if (failure instanceof RpcException rpc && CallFailures.isCertainlyNotRun(rpc)) {
            return NOT_RUN;
        }
        return switch (failure) {
            case RpcTimeoutException timeout -> TIMEOUT;
            case StatusException status -> ofStatus(status.code());
            case StreamException stream -> ofStream(stream);
            case ApplicationException application -> ofApplication(application.statusCode());
            case CallCancelledException cancelled -> CANCELLED;
            case RefusedException refused -> OVERLOADED;
            case RpcException other -> ofCause(other);
            default -> APPLICATION;
        };
    }

    /** The kind of an application exception. A server of StreamX for Java adds a status code where a limit was the reason. */
    private static FailureKind ofApplication(int statusCode) {
        return switch (statusCode) {
            case StatusCode.DEADLINE_EXCEEDED -> TIMEOUT;
            case StatusCode.RESOURCE_EXHAUSTED -> OVERLOADED;
            default -> APPLICATION;
        };
    }

    private static FailureKind ofStatus(int code) {
        return switch (code) {
            case StatusCode.CANCELLED -> CANCELLED;
            case StatusCode.DEADLINE_EXCEEDED, StatusCode.RECV_DEADLINE_EXCEEDED -> TIMEOUT;
            case StatusCode.UNAVAILABLE -> CONNECTION;
            case StatusCode.RESOURCE_EXHAUSTED -> OVERLOADED;
            default -> APPLICATION;
        };
    }

    private static FailureKind ofStream(StreamException failure) {
        return switch (failure.kind()) {
            case CANCELED -> CANCELLED;
            case TIMEOUT -> TIMEOUT;
            case PROTOCOL -> CONNECTION;
            case APPLICATION -> APPLICATION;
        };
    }

    /**
     * The kind of an error without a class of its own. Such errors tell of a lost connection, unless a cancel of the caller
     * caused them.
     */
    private static FailureKind ofCause(RpcException failure) {
        return failure.getCause() instanceof RpcException cause && of(cause) == CANCELLED ? CANCELLED : CONNECTION;
    }
}
