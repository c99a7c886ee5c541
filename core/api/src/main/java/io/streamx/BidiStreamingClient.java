package io.streamx;

/**
 * The calling end of a bidirectional stream. Sending and receiving are independent of each other.
 *
 * <pre>{@code
 * try (var stream = echo.echo()) {
 *     stream.send(new Request("hello"));
 *     Response reply = stream.recv();
 *     stream.closeSend();
 *     Response end = stream.recv(); // null: the handler has returned
 * }
 * }</pre>
 *
 * @param <Req> the message sent
 * @param <Res> the message received
 */
public interface BidiStreamingClient<Req, Res> extends ClientStream, SendingStream<Req>, ReceivingStream<Res> {
    /** Tells the server that no more messages come. Repeating this, or calling it after the end, does nothing. */
    void closeSend();
}
