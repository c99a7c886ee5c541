package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * The calling end of a stream of requests with one reply.
 *
 * <pre>{@code
 * try (var stream = echo.echoClient()) {
 *     stream.send(new Request("one"));
 *     stream.send(new Request("two"));
 *     total = stream.closeAndRecv(); // null when the handler returned without a reply
 * }
 * }</pre>
 *
 * @param <Req> the message sent
 * @param <Res> the reply
 */
public interface ClientStreamingClient<Req, Res> extends ClientStream, SendingStream<Req> {
    /** Tells the server that no more messages come. Repeating this, or calling it after the end, does nothing. */
    void closeSend();

    /**
     * Ends the requests and waits for the reply, which may have come already: a handler need not read every request
     * ({@link StreamEndedException}).
     *
     * @return the reply, or null when the handler returned without one
     */
    @Nullable
    Res closeAndRecv();
}
