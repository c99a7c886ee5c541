package io.streamx;

/**
 * The sending half of a stream. Several threads may send at once; each message travels whole.
 *
 * @param <T> the message sent
 */
public interface SendingStream<T> {
    /**
     * Sends one message. The call blocks while more than the allowed unsent bytes wait for the peer or the network.
     *
     * @throws StreamEndedException at the calling end, when the server has ended the stream well: it wants no more messages, and
     *     what it sent is there to be received
     * @throws RpcException the outcome of the stream when it has ended otherwise
     */
    void send(T message);

    /**
     * Says whether the messages sent from now on are compressed, where the stream has a compression. They are
     * compressed when nothing is said. This is for messages that are known to become no smaller.
     */
    default void setMessageCompression(boolean compress) {}
}
