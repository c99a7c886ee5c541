package io.streamx.service;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Turns a message into bytes and back. A codec has no state and is used by any number of threads at once. It runs on
 * the thread of the caller or handler, never on an event loop.
 *
 * @param <T> the message
 */
public interface MessageCodec<T> {
    /** Leaves messages as the bytes they are, for proxies. */
    static MessageCodec<byte[]> raw() {
        return RawPayload.MESSAGE;
    }

    /** The class of the messages, to name one of another class before it is encoded; null when it is not known. */
    default @Nullable Class<?> messageType() {
        return null;
    }

    /** Appends the message to {@code out}, which the caller keeps owning. */
    void encode(T message, ByteBuf out);

    /**
     * Reads one message; bytes after it are ignored. The caller keeps owning {@code in}, and the message keeps no
     * reference to it.
     *
     * @throws io.streamx.ApplicationException of type {@code PROTOCOL_ERROR} when the bytes are not such a message
     */
    T decode(ByteBuf in);
}
