package io.streamx;

/**
 * The serving end of one request with a stream of replies.
 *
 * @param <Res> the message sent
 */
public interface ServerStreamingServer<Res> extends ServerStream, SendingStream<Res> {}
