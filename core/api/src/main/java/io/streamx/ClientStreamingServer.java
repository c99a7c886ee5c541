package io.streamx;

/**
 * The serving end of a stream of requests with one reply.
 *
 * <pre>{@code
 * public void echoClient(ClientStreamingServer<Request, Response> stream) {
 *     int n = 0;
 *     while (stream.recv() != null) n++;
 *     stream.sendAndClose(new Response("got " + n));
 * }
 * }</pre>
 *
 * @param <Req> the message received
 * @param <Res> the reply
 */
public interface ClientStreamingServer<Req, Res> extends ServerStream, ReceivingStream<Req> {
    /** Sends the one reply. The stream ends when the handler returns. */
    void sendAndClose(Res reply);
}
