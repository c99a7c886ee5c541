package io.streamx.grpc.protocol;

import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.engine.Failures;
import io.streamx.engine.TimeLimit;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The errors of gRPC streams, all of them statuses, with Kitex' codes and texts.
 *
 * <p>Source: spec grpc sections 8.2 and 9.
 */
public enum GrpcFailures implements Failures {
    /** As the calling end reports them. */
    CLIENT,
    /** As the serving end reports them. */
    SERVER;

    private static StatusException status(int code, String message) {
        return status(code, message, null);
    }

    private static StatusException status(int code, String message, @Nullable Throwable cause) {
        return StatusException.outcome(code, message, List.of(), cause);
    }

    @Override
    public StatusException sendAfterCloseSend() {
        return status(StatusCode.INTERNAL, "the stream is done");
    }

    @Override
    public StatusException sendAfterEnd() {
        return status(StatusCode.INTERNAL, "the stream is done");
    }

    @Override
    public StatusException canceled(String reason) {
        return status(StatusCode.CANCELLED, reason.isEmpty() ? "context canceled" : "context canceled: " + reason);
    }

    @Override
    public StatusException canceledByParent(RpcException reason) {
        return Unfinished.body(reason);
    }

    @Override
    public StatusException recvTimeout(RecvTimeout setting, String setBy, Duration waited) {
        return Unfinished.body(setting + setBy + waited);
    }

    @Override
    public StatusException streamTimeout(TimeLimit setting, Duration passed) {
        return Unfinished.body(setting.toString() + passed);
    }

    @Override
    public StatusException idleTimeout(TimeLimit setting, Duration passed) {
        return Unfinished.body(setting.toString() + passed);
    }

    @Override
    public StatusException handlerReturned() {
        return status(StatusCode.CANCELLED, "transport: canceled by business handler returning");
    }

    @Override
    public StatusException headerAlreadySent() {
        return status(
                StatusCode.INTERNAL,
                "transport: the stream is done or WriteHeader was already called [triggered by handler side]");
    }

    @Override
    public StatusException tooManyUnreadBytes(long unreadBytes, Duration stalledFor) {
        return Unfinished.body(unreadBytes + stalledFor.toString());
    }

    /** A message that came, or is to be sent, and is larger than this side allows. */
    public StatusException messageTooLarge(long bytes, int limit) {
        return Unfinished.body(bytes + " " + limit);
    }

    /** The peer ended its messages within one: {@code missing} bytes did not come. */
    public StatusException messageCutShort(long missing) {
        return Unfinished.body(Long.toString(missing));
    }

    /** A unary call or a server stream whose caller sent no message; at a client a unary call without a reply. */
    public StatusException messageMissing() {
        return Unfinished.body();
    }

    /** A second message where one was expected. */
    public StatusException secondMessage() {
        return Unfinished.body();
    }

    /** A message says that it is compressed, and the head did not say with what. */
    public StatusException compressedWithoutEncoding() {
        return Unfinished.body();
    }

    /** DATA with the end of the stream, and no trailers. */
    public StatusException trailersMissing() {
        return Unfinished.body();
    }

    /** DATA before any HEADERS of a response. */
    public StatusException dataBeforeHead() {
        return Unfinished.body();
    }

    /** HEADERS after the head that do not end the stream. */
    public StatusException secondHead() {
        return Unfinished.body();
    }

    /** The header list is larger than its receiver takes. */
    public StatusException headerListTooLarge(long bytes, long limit) {
        return Unfinished.body(bytes + " " + limit);
    }

    /** The connection ended under a stream. */
    public StatusException connectionLost(String detail, @Nullable Throwable cause) {
        return Unfinished.body(detail, cause);
    }

    /** The connection is closing: no new stream starts on it. */
    public StatusException transportClosing(String detail) {
        return Unfinished.body(detail);
    }

    /** The server said with GOAWAY that it did not process the stream. */
    public StatusException draining(long errorCode, String debug) {
        return Unfinished.body(errorCode + debug);
    }

    /** The server stops and does not wait any longer for its running streams. */
    public StatusException gracefulShutdown() {
        return status(StatusCode.UNAVAILABLE, "graceful shutdown");
    }
}
