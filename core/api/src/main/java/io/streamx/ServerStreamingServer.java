package io.streamx;

/**
 * The serving end of one request with a stream of replies.
 *
 * <pre>{@code
 * public void echoServer(Request req, ServerStreamingServer<Response> stream) {
 *     for (int i = 0; i < 3; i++) stream.send(new Response(req.message() + i));
 * }
 * }</pre>
 *
 * @param <Res> the message sent
 */
public interface ServerStreamingServer<Res> extends ServerStream, SendingStream<Res> {}
