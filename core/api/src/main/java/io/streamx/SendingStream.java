package io.streamx;

import java.util.Iterator;
import java.util.stream.Stream;

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
     * Sends every message of {@code messages} as it comes, such as the tokens of a model. The next one is asked for when the last
     * one was sent, so a peer that is slow slows whatever makes them. A handler whose caller leaves asks for no more: {@link
     * #send} throws, or its thread is interrupted where it waits for a message.
     *
     * @throws RpcException as {@link #send} throws it
     */
    default void sendAll(Iterator<? extends T> messages) {
        while (messages.hasNext()) {
            send(messages.next());
        }
    }

    /** As {@link #sendAll(Iterator)}, with the messages that {@code messages} has now. */
    default void sendAll(Iterable<? extends T> messages) {
        sendAll(messages.iterator());
    }

    /**
     * As {@link #sendAll(Iterator)}. {@code messages} is closed in any case, so what is registered with its {@code onClose} stops
     * its producer when the peer leaves. It is read one by one, whether it is parallel or not.
     */
    default void sendAll(Stream<? extends T> messages) {
        try (messages) {
            sendAll(messages.iterator());
        }
    }

    /**
     * Says whether the messages sent from now on are compressed, where the stream has a compression. They are
     * compressed when nothing is said. This is for messages that are known to become no smaller.
     */
    default void setMessageCompression(boolean compress) {}
}
