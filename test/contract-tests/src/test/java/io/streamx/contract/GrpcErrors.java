package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.StatusCode;
import io.streamx.StatusException;
import java.util.function.Consumer;

/**
 * Every error of a gRPC call is a {@link StatusException}. Messages are Thrift here, so codes and texts are Kitex'. What
 * resets a stream is one number on the wire: reasons and paths of cancels stay where they are.
 */
final class GrpcErrors implements Errors {
    private static final String RESET_BY_CALLER = "transport: RSTStream Frame received with error code: CANCEL";
    private static final String CALLER_LOST = "transport: connection EOF";
    private static final String RETURNED = "transport: canceled by business handler returning";
    private static final String GRACEFUL_SHUTDOWN = "graceful shutdown";

    private static Consumer<Throwable> status(int code, String text) {
        return error -> assertThat(error).isInstanceOfSatisfying(StatusException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.statusMessage()).startsWith(text);
        });
    }

    /** As trailers carry it, whole. */
    private static Consumer<Throwable> answered(int code, String text) {
        return error -> assertThat(error).isInstanceOfSatisfying(StatusException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.statusMessage()).isEqualTo(text);
        });
    }

    @Override
    public Consumer<Throwable> handlerFailed(String text) {
        return answered(StatusCode.INTERNAL, text + " [biz error]");
    }

    @Override
    public Consumer<Throwable> handlerPanicked(String method, String text) {
        return answered(
                StatusCode.INTERNAL,
                "panic: [happened in biz handler, method=" + method + ", please check the panic at the server side] "
                        + text);
    }

    @Override
    public Consumer<Throwable> middlewareFailed(String text) {
        return answered(StatusCode.INTERNAL, text);
    }

    @Override
    public Consumer<Throwable> middlewareFailedWith(int type, String text) {
        return answered(type, text);
    }

    @Override
    public Consumer<Throwable> unknownMethod(String method) {
        return answered(StatusCode.CANCELLED, "unknown method " + method);
    }

    @Override
    public Consumer<Throwable> unknownService(String service) {
        return answered(StatusCode.UNKNOWN_SERVICE, "unknown service " + service);
    }

    @Override
    public Consumer<Throwable> unaryHandlerFailed(String text) {
        return handlerFailed(text);
    }

    @Override
    public Consumer<Throwable> unaryMiddlewareFailed(String text) {
        return middlewareFailed(text);
    }

    @Override
    public Consumer<Throwable> unaryUnknownMethod(String service, String method) {
        return unknownMethod(method);
    }

    private static Consumer<Throwable> recvTimeoutText(String timeout, boolean keepsRemote, String setBy) {
        return status(
                StatusCode.RECV_DEADLINE_EXCEEDED,
                "stream Recv timeout, timeout config={Timeout:" + timeout + " DisableCancelRemote:" + keepsRemote
                        + "}, set by " + setBy + "; waited ");
    }

    private static Consumer<Throwable> idleTimeoutText(String timeout) {
        return status(
                StatusCode.DEADLINE_EXCEEDED,
                "stream idle timeout, no message in either direction for " + timeout + ", set by the server");
    }

    private static Consumer<Throwable> streamTimeoutText(String timeout, String setBy) {
        return status(
                StatusCode.DEADLINE_EXCEEDED,
                "context deadline exceeded: timeout " + timeout + ", set by " + setBy + "; passed ");
    }

    @Override
    public Consumer<Throwable> recvTimeoutOfServer(String timeout) {
        return recvTimeoutText(timeout, false, "the server");
    }

    @Override
    public Consumer<Throwable> idleTimeoutOfServer(String timeout) {
        return idleTimeoutText(timeout);
    }

    @Override
    public Consumer<Throwable> streamTimeoutOfServer(String timeout) {
        return streamTimeoutText(timeout, "the server");
    }

    @Override
    public Consumer<Throwable> serverStopped() {
        return status(StatusCode.UNAVAILABLE, GRACEFUL_SHUTDOWN);
    }

    @Override
    public Consumer<Throwable> canceled(String reason) {
        return status(StatusCode.CANCELLED, "context canceled" + (reason.isEmpty() ? "" : ": " + reason));
    }

    @Override
    public Consumer<Throwable> interruptedIn(String method) {
        return canceled("thread was interrupted in " + method + " of EchoService.Bidi");
    }

    @Override
    public Consumer<Throwable> recvTimeout(String timeout, boolean keepsRemote, String setBy) {
        return recvTimeoutText(timeout, keepsRemote, setBy);
    }

    @Override
    public Consumer<Throwable> streamTimeout(String timeout, String setBy) {
        return streamTimeoutText(timeout, setBy);
    }

    @Override
    public Consumer<Throwable> sendAfterCloseSend() {
        return status(StatusCode.INTERNAL, "the stream is done");
    }

    @Override
    public Consumer<Throwable> clientClosed() {
        return status(StatusCode.UNAVAILABLE, "transport is closing: connection closed: the client was closed");
    }

    @Override
    public Consumer<Throwable> connectionLost() {
        return status(StatusCode.UNAVAILABLE, "connection error: ");
    }

    @Override
    public Consumer<Throwable> messageTooLarge(int bytes, int limit) {
        return status(
                StatusCode.RESOURCE_EXHAUSTED,
                "message of " + bytes + " bytes (expected: at most " + limit + ", the setting maxMessageBytes)");
    }

    /** An enclosing status is passed on as it is; of another error the text is. */
    private static Consumer<Throwable> endedWith(TransportUnderTest enclosing, String statusText, String otherText) {
        return enclosing == TransportUnderTest.GRPC
                ? status(StatusCode.CANCELLED, statusText)
                : error -> {
                    assertThat(error).satisfies(status(StatusCode.CANCELLED, "context canceled: "));
                    assertThat(error).hasMessageContaining(otherText);
                };
    }

    @Override
    public Consumer<Throwable> canceledWithEnclosingStream(TransportUnderTest enclosing, String caller, String reason) {
        return endedWith(enclosing, RESET_BY_CALLER, reason);
    }

    @Override
    public Consumer<Throwable> lostWithEnclosingStream(TransportUnderTest enclosing) {
        return endedWith(enclosing, CALLER_LOST, "canceled by connection closed");
    }

    @Override
    public Consumer<Throwable> endedWithUnaryCall(TransportUnderTest enclosing) {
        return canceled("EchoService.Say has returned");
    }

    @Override
    public Consumer<Throwable> timeOrCallOver() {
        return error -> assertThat(error)
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.code()).isIn(StatusCode.DEADLINE_EXCEEDED, StatusCode.CANCELLED));
    }

    @Override
    public Consumer<Throwable> canceledByCaller(String reason, String... path) {
        return status(StatusCode.CANCELLED, RESET_BY_CALLER);
    }

    @Override
    public Consumer<Throwable> recvTimeoutOfCaller() {
        return status(StatusCode.CANCELLED, RESET_BY_CALLER);
    }

    /** The handler knows the caller's time; which comes first is chance, its own timer or the reset. */
    @Override
    public Consumer<Throwable> streamTimeoutOfCaller() {
        return error -> assertThat(error)
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.code()).isIn(StatusCode.DEADLINE_EXCEEDED, StatusCode.CANCELLED));
    }

    @Override
    public Consumer<Throwable> callerLost() {
        return status(StatusCode.CANCELLED, CALLER_LOST);
    }

    @Override
    public Consumer<Throwable> ownServerStopped() {
        return status(StatusCode.UNAVAILABLE, GRACEFUL_SHUTDOWN);
    }

    @Override
    public Consumer<Throwable> handlerReturned() {
        return status(StatusCode.CANCELLED, RETURNED);
    }

    @Override
    public Consumer<Throwable> canceledAlong(TransportUnderTest enclosing, String reason, String... path) {
        return status(StatusCode.CANCELLED, RESET_BY_CALLER);
    }

    @Override
    public Consumer<Throwable> callersHandlerReturned(TransportUnderTest enclosing, String... path) {
        return status(StatusCode.CANCELLED, RESET_BY_CALLER);
    }

    @Override
    public Consumer<Throwable> callersUnaryCallReturned(TransportUnderTest enclosing, String... path) {
        return status(StatusCode.CANCELLED, RESET_BY_CALLER);
    }

    @Override
    public Consumer<Throwable> callersCallerLost(TransportUnderTest enclosing, String... path) {
        return status(StatusCode.CANCELLED, RESET_BY_CALLER);
    }

    @Override
    public Consumer<Throwable> headerAlreadySent() {
        return status(StatusCode.INTERNAL, "transport: the stream is done or WriteHeader was already called");
    }

    @Override
    public Consumer<Throwable> ownRecvTimeout(String timeout) {
        return recvTimeoutText(timeout, false, "the server");
    }

    @Override
    public Consumer<Throwable> ownIdleTimeout(String timeout) {
        return idleTimeoutText(timeout);
    }

    @Override
    public Consumer<Throwable> ownStreamTimeout(String timeout) {
        return streamTimeoutText(timeout, "the server");
    }
}
