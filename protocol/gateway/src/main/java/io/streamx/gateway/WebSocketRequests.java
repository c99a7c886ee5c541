package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.ServerStreamEvents;
import java.nio.charset.StandardCharsets;

/**
 * The texts that come on a WebSocket: {@code {"message":...}}, which is unwrapped where it is decoded, or {@code {"end":{}}}. Each
 * call of {@link #add} is given one whole text.
 */
final class WebSocketRequests implements RequestMessages {
    private static final byte[] END = "{\"end\"".getBytes(StandardCharsets.US_ASCII);

    private final boolean isOne;
    private boolean ended;
    private long handedOn;

    /** {@code isOne} says that the method takes exactly one message, behind which nothing else has to come. */
    WebSocketRequests(boolean isOne) {
        this.isOne = isOne;
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public long handedOnBytes() {
        return handedOn;
    }

    @Override
    public void add(ByteBuf text, ServerStreamEvents stream) throws HttpRefusal {
        if (ended) {
            throw HttpRefusal.badRequest("a text behind the end of the requests");
        }
        if (isEnd(text)) {
            ended = true;
            stream.onEnd(null);
            return;
        }
        handedOn += text.readableBytes();
        stream.onMessage(InboundMessage.copyOf(text, text.readerIndex(), text.readableBytes()));
        if (isOne) {
            ended = true;
            stream.onEnd(null);
        }
    }

    /** Clients write the end as {@code JSON.stringify} does, without white space. */
    private static boolean isEnd(ByteBuf text) {
        if (text.readableBytes() < END.length) {
            return false;
        }
        for (int i = 0; i < END.length; i++) {
            if (text.getByte(text.readerIndex() + i) != END[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void end(ServerStreamEvents stream) {}
}
