package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.StreamEndedException;
import java.util.function.Consumer;

/**
 * The situations in which callers and handlers are told of an error, and how one transport words each: what is returned
 * accepts the error of that situation and fails on any other.
 *
 * <p>Source: docs/protocol/semantics.md "10. Errors" and "12. Situations"; docs/protocol/grpc.md "8. Statuses".
 */
interface Errors {
    // ---- told to callers: what came from the server ----

    /** The handler threw an exception with that text. */
    Consumer<Throwable> handlerFailed(String text);

    /** The handler of that method threw an {@link Error} with that text. */
    Consumer<Throwable> handlerPanicked(String method, String text);

    /** A middleware or a hook of the server threw an exception with that text. */
    Consumer<Throwable> middlewareFailed(String text);

    /** A middleware of the server threw an {@link io.streamx.ApplicationException} of that type. */
    Consumer<Throwable> middlewareFailedWith(int type, String text);

    /** The service has no method of that name. */
    Consumer<Throwable> unknownMethod(String method);

    /** The server has no service of that name. */
    Consumer<Throwable> unknownService(String service);

    /** A recv of the handler took longer than the server allows. */
    Consumer<Throwable> recvTimeoutOfServer(String timeout);

    /** No message went in either direction for longer than the server allows. */
    Consumer<Throwable> idleTimeoutOfServer(String timeout);

    /** The stream took longer than the server allows. */
    Consumer<Throwable> streamTimeoutOfServer(String timeout);

    /** The server stopped and did not wait any longer. */
    Consumer<Throwable> serverStopped();

    // ---- told to callers of unary methods ----

    /** The handler threw an exception with that text. */
    Consumer<Throwable> unaryHandlerFailed(String text);

    /** A middleware of the server threw an exception with that text. */
    Consumer<Throwable> unaryMiddlewareFailed(String text);

    /** The service has no method of that name. */
    Consumer<Throwable> unaryUnknownMethod(String service, String method);

    // ---- told to callers: what happened at their own end ----

    /** The caller cancelled the stream, or the context it was opened under, for that reason. */
    Consumer<Throwable> canceled(String reason);

    /** The caller's thread was interrupted while it waited in the method of that name. */
    Consumer<Throwable> interruptedIn(String method);

    /** One recv took too long. */
    Consumer<Throwable> recvTimeout(String timeout, boolean keepsRemote, String setBy);

    /** The whole stream took too long. */
    Consumer<Throwable> streamTimeout(String timeout, String setBy);

    /** Send after closeSend; after the stream ended well it is the cause of {@link io.streamx.StreamEndedException}. */
    Consumer<Throwable> sendAfterCloseSend();

    /** Send after the server ended the stream well. */
    default Consumer<Throwable> sendAfterEnd() {
        return failure -> assertThat(failure)
                .isInstanceOf(StreamEndedException.class)
                .cause()
                .satisfies(sendAfterCloseSend());
    }

    /** The client was closed under the stream. */
    Consumer<Throwable> clientClosed();

    /** The connection broke under the stream. */
    Consumer<Throwable> connectionLost();

    /** A message came that is larger than this end takes. */
    Consumer<Throwable> messageTooLarge(int bytes, int limit);

    // ---- told to handlers that call on: how their own streams end with the enclosing call ----

    /** The enclosing stream was cancelled by its caller, who is named so. */
    Consumer<Throwable> canceledWithEnclosingStream(TransportUnderTest enclosing, String caller, String reason);

    /** The enclosing stream lost its caller. */
    Consumer<Throwable> lostWithEnclosingStream(TransportUnderTest enclosing);

    /** The enclosing call was a unary one, {@code EchoService.Say}, and has returned. */
    Consumer<Throwable> endedWithUnaryCall(TransportUnderTest enclosing);

    /**
     * The enclosing unary call's time is over. Which comes first is chance: the stream's own timer, which knows that
     * time, or the caller who hangs up.
     */
    Consumer<Throwable> timeOrCallOver();

    // ---- told to handlers ----

    /** The caller cancelled; {@code path} are the names of those the cancel went through. */
    Consumer<Throwable> canceledByCaller(String reason, String... path);

    /** One recv of the caller took too long. */
    Consumer<Throwable> recvTimeoutOfCaller();

    /** The caller's time for the whole stream is over. */
    Consumer<Throwable> streamTimeoutOfCaller();

    /** The connection to the caller is gone. */
    Consumer<Throwable> callerLost();

    /** The server stopped and did not wait any longer. */
    Consumer<Throwable> ownServerStopped();

    /** The handler has returned. */
    Consumer<Throwable> handlerReturned();

    /** The caller's own stream, on {@code enclosing}, was cancelled. */
    Consumer<Throwable> canceledAlong(TransportUnderTest enclosing, String reason, String... path);

    /** The handler that opened the stream, itself called on {@code enclosing}, has returned. */
    Consumer<Throwable> callersHandlerReturned(TransportUnderTest enclosing, String... path);

    /** The unary call under which the stream was opened, itself on {@code enclosing}, has returned. */
    Consumer<Throwable> callersUnaryCallReturned(TransportUnderTest enclosing, String... path);

    /** The caller's own caller, on {@code enclosing}, was lost. */
    Consumer<Throwable> callersCallerLost(TransportUnderTest enclosing, String... path);

    /** The header has been sent. */
    Consumer<Throwable> headerAlreadySent();

    /** A recv of the handler took longer than its own server allows. */
    Consumer<Throwable> ownRecvTimeout(String timeout);

    /** No message went in either direction for longer than its own server allows. */
    Consumer<Throwable> ownIdleTimeout(String timeout);

    /** The stream took longer than its own server allows. */
    Consumer<Throwable> ownStreamTimeout(String timeout);
}
