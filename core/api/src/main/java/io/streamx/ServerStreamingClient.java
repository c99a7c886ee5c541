package io.streamx;

/**
 * The calling end of one request with a stream of replies.
 *
 * @param <Res> the message received
 */
public interface ServerStreamingClient<Res> extends ClientStream, ReceivingStream<Res> {}
