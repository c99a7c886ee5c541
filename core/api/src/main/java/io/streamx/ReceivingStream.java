package io.streamx;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a stream. One thread at a time may receive. Iterating calls {@link #recv} until it returns
 * null.
 *
 * @param <T> the message received
 */
public interface ReceivingStream<T> extends Iterable<T> {
    /**
     * Waits for the next message.
     *
     * @return the message, or null at the end of the stream and ever after
     * @throws RpcException the outcome of the stream when it did not end well, after all messages received before it
     */
    @Nullable
    T recv();

    /** The messages not yet received. They can be iterated over once; {@code hasNext} waits as {@link #recv} does. */
    @Override
    default Iterator<T> iterator() {
        return new Iterator<>() {
            private @Nullable T next;
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (next == null && !ended) {
                    next = recv();
                    ended = next == null;
                }
                return next != null;
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("end of stream");
                }
                T message = next;
                next = null;
                if (message == null) {
                    throw new NoSuchElementException("end of stream");
                }
                return message;
            }
        };
    }

    /**
     * The messages not yet received as a stream of the JDK, for one thread; it waits as {@link #recv} does, and throws as that
     * does. At a client closing it closes the call, and so does {@link SendingStream#sendAll(Stream)} of a handler that passes
     * the messages on.
     */
    default Stream<T> asStream() {
        int knownOfThem = Spliterator.ORDERED | Spliterator.NONNULL;
        Stream<T> messages = StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), knownOfThem), false);
        return this instanceof ClientStream call ? messages.onClose(call::close) : messages;
    }
}
