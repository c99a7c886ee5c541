package io.streamx;

import org.jspecify.annotations.Nullable;

/**
 * The calling end of a stream of requests with one reply.
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
