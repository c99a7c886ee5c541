package io.streamx;

/**
 * The serving end of a bidirectional stream.
 *
 * @param <Req> the message received
 * @param <Res> the message sent
 */
public interface BidiStreamingServer<Req, Res> extends ServerStream, ReceivingStream<Req>, SendingStream<Res> {}
