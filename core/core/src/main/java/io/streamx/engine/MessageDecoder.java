package io.streamx.engine;

import io.streamx.RpcException;
import io.streamx.net.Inflating;
import io.streamx.service.MessageCodec;
import io.streamx.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects of the messages that one stream has received: decompresses, decodes, tells the listeners, and says that the
 * place of the message may be used again. On the reader's thread.
 *
 * @param <M> the message
 */
abstract class MessageDecoder<M> {
    private final Exchange exchange;
    private final MessageCodec<M> codec;
    private final @Nullable CallEvents events;

    /** {@code events} are those of the call; null when nobody listens. */
    MessageDecoder(Exchange exchange, MessageCodec<M> codec, @Nullable CallEvents events) {
        this.exchange = exchange;
        this.codec = codec;
        this.events = events;
    }

    /**
     * Ends the receiving of messages because one of them cannot be decompressed: nobody would know what to make of those
     * behind it.
     *
     * @return what the reader is to be thrown
     */
    abstract RpcException decompressionFailed(RpcException failure);

    /** Hears why a message could not be decompressed or decoded, before the reader is thrown {@code failure}. */
    void decodingFailed(RuntimeException failure) {}

    /**
     * The object that a message taken from the inbound queue stands for.
     *
     * @throws RuntimeException when it cannot be decompressed or decoded
     */
    final M decode(InboundMessage received) {
        if (!received.isCompressed()) {
            return decode(received, received.readableBytes());
        }
        try (Inflating.Room room = roomFor(received)) {
            return decode(received, received.readableBytes());
        }
    }

    private Inflating.Room roomFor(InboundMessage compressed) {
        try {
            return Inflating.shared()
                    .enter(
                            compressed.readableBytes(),
                            exchange.connection().limits().maxMessageBytes());
        } catch (RuntimeException interrupted) {
            exchange.inbound().done();
            throw interrupted;
        }
    }

    private M decode(InboundMessage received, int bytes) {
        try {
            M decoded = codec.decode(received.isCompressed() ? decompressed(received) : received);
            CallEvents told = events;
            if (told != null) {
                told.received(bytes);
            }
            return decoded;
        } catch (RuntimeException failure) {
            decodingFailed(failure);
            throw failure;
        } finally {
            exchange.inbound().done();
        }
    }

    private InboundMessage decompressed(InboundMessage received) {
        try {
            return exchange.wire().decompress(received);
        } catch (RpcException failure) {
            throw decompressionFailed(failure);
        }
    }
}
