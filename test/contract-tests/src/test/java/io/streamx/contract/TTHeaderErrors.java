package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ApplicationException;
import io.streamx.StreamException;
import io.streamx.StreamException.Kind;
import io.streamx.StreamException.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Every error of a TTHeader stream is a {@link StreamException} with one of Kitex' numbers, 12001 to 12015. */
final class TTHeaderErrors implements Errors {
    private static final String FOREIGN = "non-ttstream path";

    private static Consumer<Throwable> stream(int code, Kind kind, Side side, List<String> path, String text) {
        return error -> assertThat(error).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.side()).isEqualTo(side);
            assertThat(e.cancelPath()).isEqualTo(path);
            assertThat(e.detail()).startsWith(text);
        });
    }

    private static Consumer<Throwable> atClient(int code, Kind kind, String text) {
        return stream(code, kind, Side.CLIENT, List.of(), text);
    }

    private static Consumer<Throwable> atHandler(int code, Kind kind, String text, String... path) {
        return stream(code, kind, Side.SERVER, List.of(path), text);
    }

    private static Consumer<Throwable> ofConnection(int code, Kind kind, String text) {
        return stream(code, kind, Side.NONE, List.of(), text);
    }

    /** What a trailer carries is an application exception; the stream's error shows its text and has it as cause. */
    private static Consumer<Throwable> answered(int type, String text) {
        return error -> {
            assertThat(error).hasMessage("[ttstream error, code=12001] [client-side stream] " + text);
            assertThat(error).isInstanceOfSatisfying(StreamException.class, e -> {
                assertThat(e.kind()).isEqualTo(Kind.APPLICATION);
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                ApplicationException.class,
                                cause -> assertThat(cause.type()).isEqualTo(type));
            });
        };
    }

    @Override
    public Consumer<Throwable> handlerFailed(String text) {
        return answered(6, "biz error: " + text);
    }

    @Override
    public Consumer<Throwable> handlerPanicked(String method, String text) {
        return answered(
                6,
                "panic: [happened in biz handler, method=" + method + ", please check the panic at the server side] "
                        + text);
    }

    @Override
    public Consumer<Throwable> middlewareFailed(String text) {
        return answered(6, text);
    }

    @Override
    public Consumer<Throwable> middlewareFailedWith(int type, String text) {
        return answered(type, text);
    }

    @Override
    public Consumer<Throwable> unknownMethod(String method) {
        return answered(1, "unknown method " + method);
    }

    @Override
    public Consumer<Throwable> unknownService(String service) {
        return answered(20, "unknown service " + service);
    }

    /** Unary calls of Thrift fail with the exception itself. */
    private static Consumer<Throwable> replied(int type, String text) {
        return error -> assertThat(error).isInstanceOfSatisfying(ApplicationException.class, e -> {
            assertThat(e.type()).isEqualTo(type);
            assertThat(e).hasMessage(text);
        });
    }

    @Override
    public Consumer<Throwable> unaryHandlerFailed(String text) {
        return replied(6, "biz error: " + text);
    }

    @Override
    public Consumer<Throwable> unaryMiddlewareFailed(String text) {
        return replied(6, text);
    }

    @Override
    public Consumer<Throwable> unaryUnknownMethod(String service, String method) {
        return replied(1, "unknown method " + method + " (service " + service + ")");
    }

    /** The server's own error, whole, is the text of what it answers. */
    private static Consumer<Throwable> limitOfServer(int code, String text) {
        return atClient(
                StreamException.APPLICATION,
                Kind.APPLICATION,
                "[ttstream error, code=" + code + "] [server-side stream] " + text);
    }

    private static String recvTimeoutText(String timeout, boolean keepsRemote, String setBy) {
        return "stream Recv timeout, timeout config={Timeout:" + timeout + " DisableCancelRemote:" + keepsRemote
                + "}, set by " + setBy + "; waited ";
    }

    private static String idleTimeoutText(String timeout) {
        return "stream idle timeout, no message in either direction for " + timeout + ", set by the server";
    }

    private static String streamTimeoutText(String timeout, String setBy) {
        return "stream timeout, timeout in ctx: " + timeout + ", set by " + setBy + "; passed ";
    }

    @Override
    public Consumer<Throwable> recvTimeoutOfServer(String timeout) {
        return limitOfServer(StreamException.RECV_TIMEOUT, recvTimeoutText(timeout, false, "the server"));
    }

    @Override
    public Consumer<Throwable> idleTimeoutOfServer(String timeout) {
        return limitOfServer(StreamException.STREAM_TIMEOUT, idleTimeoutText(timeout));
    }

    @Override
    public Consumer<Throwable> streamTimeoutOfServer(String timeout) {
        return limitOfServer(StreamException.STREAM_TIMEOUT, streamTimeoutText(timeout, "the server"));
    }

    @Override
    public Consumer<Throwable> serverStopped() {
        return ofConnection(StreamException.TRANSPORT_CLOSING, Kind.PROTOCOL, "connection closed by peer");
    }

    @Override
    public Consumer<Throwable> canceled(String reason) {
        return atClient(StreamException.CANCELED, Kind.CANCELED, reason);
    }

    @Override
    public Consumer<Throwable> interruptedIn(String method) {
        return atClient(
                StreamException.CANCELED,
                Kind.CANCELED,
                "thread was interrupted in " + method + " of EchoService.Bidi");
    }

    @Override
    public Consumer<Throwable> recvTimeout(String timeout, boolean keepsRemote, String setBy) {
        return atClient(StreamException.RECV_TIMEOUT, Kind.TIMEOUT, recvTimeoutText(timeout, keepsRemote, setBy));
    }

    @Override
    public Consumer<Throwable> streamTimeout(String timeout, String setBy) {
        return atClient(StreamException.STREAM_TIMEOUT, Kind.TIMEOUT, streamTimeoutText(timeout, setBy));
    }

    @Override
    public Consumer<Throwable> sendAfterCloseSend() {
        return atClient(StreamException.ILLEGAL_OPERATION, Kind.PROTOCOL, "stream is closed send");
    }

    @Override
    public Consumer<Throwable> clientClosed() {
        return ofConnection(
                StreamException.TRANSPORT_CLOSING, Kind.PROTOCOL, "connection closed: the client was closed");
    }

    @Override
    public Consumer<Throwable> connectionLost() {
        return ofConnection(StreamException.TRANSPORT_CLOSING, Kind.PROTOCOL, "connection closed by peer");
    }

    @Override
    public Consumer<Throwable> messageTooLarge(int bytes, int limit) {
        return error -> assertThat(error).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(StreamException.ILLEGAL_FRAME);
            assertThat(e.detail())
                    .isEqualTo("message of " + bytes + " bytes received (expected: at most " + limit
                            + ", the setting maxMessageBytes)");
        });
    }

    /** Under any call that is no TTHeader stream there is this number and this name, and the call's own error as cause. */
    private static Consumer<Throwable> endedWithForeignCall() {
        return error -> {
            assertThat(error)
                    .satisfies(stream(
                            StreamException.INTERNAL_CANCELED, Kind.CANCELED, Side.CLIENT, List.of(FOREIGN), ""));
            assertThat(error.getCause()).hasMessage(((StreamException) error).detail());
        };
    }

    private static Consumer<Throwable> alongForeignCall(String... path) {
        List<String> whole = new ArrayList<>(List.of(FOREIGN));
        whole.addAll(List.of(path));
        return stream(StreamException.INTERNAL_CANCELED, Kind.CANCELED, Side.SERVER, whole, "");
    }

    private static boolean isForeign(TransportUnderTest enclosing) {
        return enclosing != TransportUnderTest.TTHEADER;
    }

    @Override
    public Consumer<Throwable> canceledWithEnclosingStream(TransportUnderTest enclosing, String caller, String reason) {
        return isForeign(enclosing)
                ? endedWithForeignCall()
                : stream(StreamException.CANCELED, Kind.CANCELED, Side.CLIENT, List.of(caller), reason);
    }

    @Override
    public Consumer<Throwable> lostWithEnclosingStream(TransportUnderTest enclosing) {
        return isForeign(enclosing)
                ? endedWithForeignCall()
                : atClient(StreamException.CONNECTION_CLOSED, Kind.CANCELED, "canceled by connection closed");
    }

    @Override
    public Consumer<Throwable> endedWithUnaryCall(TransportUnderTest enclosing) {
        return endedWithForeignCall();
    }

    @Override
    public Consumer<Throwable> timeOrCallOver() {
        return error -> assertThat(error)
                .isInstanceOfSatisfying(
                        StreamException.class,
                        e -> assertThat(e.code())
                                .isIn(StreamException.STREAM_TIMEOUT, StreamException.INTERNAL_CANCELED));
    }

    @Override
    public Consumer<Throwable> canceledAlong(TransportUnderTest enclosing, String reason, String... path) {
        return isForeign(enclosing)
                // The names before the foreign call are lost with it.
                ? alongForeignCall(path[path.length - 1])
                : canceledByCaller(reason, path);
    }

    @Override
    public Consumer<Throwable> callersHandlerReturned(TransportUnderTest enclosing, String... path) {
        return isForeign(enclosing)
                ? alongForeignCall(path)
                : atHandler(
                        StreamException.HANDLER_RETURNED,
                        Kind.CANCELED,
                        "canceled by business handler returning",
                        path);
    }

    @Override
    public Consumer<Throwable> callersUnaryCallReturned(TransportUnderTest enclosing, String... path) {
        return alongForeignCall(path);
    }

    @Override
    public Consumer<Throwable> callersCallerLost(TransportUnderTest enclosing, String... path) {
        return isForeign(enclosing)
                ? alongForeignCall(path)
                : atHandler(StreamException.CONNECTION_CLOSED, Kind.CANCELED, "canceled by connection closed", path);
    }

    @Override
    public Consumer<Throwable> canceledByCaller(String reason, String... path) {
        return atHandler(StreamException.CANCELED, Kind.CANCELED, reason, path);
    }

    @Override
    public Consumer<Throwable> recvTimeoutOfCaller() {
        return atHandler(StreamException.RECV_TIMEOUT, Kind.CANCELED, "stream Recv timeout, ", "caller");
    }

    @Override
    public Consumer<Throwable> streamTimeoutOfCaller() {
        return atHandler(StreamException.STREAM_TIMEOUT, Kind.CANCELED, "stream timeout, ", "caller");
    }

    @Override
    public Consumer<Throwable> callerLost() {
        return ofConnection(StreamException.CONNECTION_CLOSED, Kind.CANCELED, "canceled by connection closed");
    }

    @Override
    public Consumer<Throwable> ownServerStopped() {
        return ofConnection(StreamException.CONNECTION_CLOSED, Kind.CANCELED, "canceled by connection closed");
    }

    @Override
    public Consumer<Throwable> handlerReturned() {
        return atHandler(StreamException.HANDLER_RETURNED, Kind.CANCELED, "canceled by business handler returning");
    }

    @Override
    public Consumer<Throwable> headerAlreadySent() {
        return atHandler(StreamException.ILLEGAL_OPERATION, Kind.PROTOCOL, "stream header already sent");
    }

    @Override
    public Consumer<Throwable> ownRecvTimeout(String timeout) {
        return atHandler(StreamException.RECV_TIMEOUT, Kind.TIMEOUT, recvTimeoutText(timeout, false, "the server"));
    }

    @Override
    public Consumer<Throwable> ownIdleTimeout(String timeout) {
        return atHandler(StreamException.STREAM_TIMEOUT, Kind.TIMEOUT, idleTimeoutText(timeout));
    }

    @Override
    public Consumer<Throwable> ownStreamTimeout(String timeout) {
        return atHandler(StreamException.STREAM_TIMEOUT, Kind.TIMEOUT, streamTimeoutText(timeout, "the server"));
    }
}
