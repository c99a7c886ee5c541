package io.streamx;

/**
 * The serving end of a bidirectional stream.
 *
 * <pre>{@code
 * public void echo(BidiStreamingServer<Request, Response> stream) {
 *     for (Request req : stream) { // ends at the client's closeSend
 *         stream.send(new Response(req.message()));
 *     }
 * } // returning ends the stream
 * }</pre>
 *
 * @param <Req> the message received
 * @param <Res> the message sent
 */
public interface BidiStreamingServer<Req, Res> extends ServerStream, ReceivingStream<Req>, SendingStream<Res> {}
