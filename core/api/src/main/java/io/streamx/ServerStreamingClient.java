package io.streamx;

/**
 * The calling end of one request with a stream of replies.
 *
 * <pre>{@code
 * try (var stream = echo.echoServer(new Request("hi"))) {
 *     for (Response reply : stream) {
 *         heard.add(reply.message());
 *     }
 * }
 * }</pre>
 *
 * @param <Res> the message received
 */
public interface ServerStreamingClient<Res> extends ClientStream, ReceivingStream<Res> {}
