package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.streamx.Metadata;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/** How the messages and the end of one stream are written into the body of a response. One object for each stream. */
interface StreamFormat {
    /** What listeners are told that streams of this format travel on. */
    String protocol();

    /** The headers of the response that come from the format. */
    HttpHeaders headers();

    /** Appends what goes in front of a message. On the sender's thread. */
    void begin(OutboundMessage empty);

    /** Appends what goes behind a message. On the sender's thread. */
    void complete(OutboundMessage message);

    /** What says that the stream is alive; null where the format has nothing for that. */
    default @Nullable ByteBuf heartbeat() {
        return null;
    }

    /** A header that came after a heartbeat had sent the response's head; null where that cannot happen. */
    default @Nullable ByteBuf lateHeader(Metadata entries) {
        return null;
    }

    /** What whole messages become on their way into the body. Takes ownership, and gives it. On the event loop. */
    default ByteBuf body(ByteBuf messages) {
        return messages;
    }

    /** The end of the stream; {@code error} is null when all is well. */
    ByteBuf end(Metadata trailer, @Nullable CallError error);

    /** Decompresses a message of the request. On the reader's thread; the caller keeps owning {@code compressed}. */
    default InboundMessage decompress(InboundMessage compressed) {
        throw new IllegalStateException("a compressed message in a format that has none");
    }

    /** Says whether the messages that are completed from now on are compressed, where the format compresses. */
    default void compressMessages(boolean compress) {}
}
