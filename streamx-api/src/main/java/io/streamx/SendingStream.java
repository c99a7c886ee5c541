package io.streamx;

/**
 * The sending half of a stream. Safe from several threads, each message whole.
 *
 * @param <T> the message sent
 */
public interface SendingStream<T> {
    /**
     * Sends one message. Blocks while more than the allowed unsent bytes wait for the peer or the network.
     *
     * @throws RpcException the outcome of the stream when it has ended
     */
    void send(T message);
}
