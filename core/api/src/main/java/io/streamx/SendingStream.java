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

    /**
     * Whether the messages sent from now on are compressed, where the stream has a compression; they are when nothing is
     * set. For messages that are known to become no smaller.
     */
    default void setMessageCompression(boolean compress) {}
}
