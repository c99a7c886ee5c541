package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.wire.InboundMessage;
import java.util.Arrays;

/** A body that is needed as a whole. It takes memory as its bytes come, not as its length announces. */
final class RequestBody {
    private static final int FIRST_BYTES = 1024;

    private final int limit;
    private byte[] bytes = new byte[0];
    private int length;

    /** At most {@code limit} bytes. */
    RequestBody(int limit) {
        this.limit = limit;
    }

    /** Copies a piece, which the caller keeps owning. */
    void add(ByteBuf piece) throws HttpRefusal {
        int count = piece.readableBytes();
        if (count > limit - length) {
            bytes = new byte[0];
            throw HttpRefusal.bodyTooLarge((long) length + count, limit);
        }
        if (length + count > bytes.length) {
            int doubled = (int) Math.min(limit, Math.max(FIRST_BYTES, 2L * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.max(length + count, doubled));
        }
        piece.getBytes(piece.readerIndex(), bytes, length, count);
        length += count;
    }

    /** The whole body, once. */
    InboundMessage take() {
        InboundMessage whole = InboundMessage.of(bytes, 0, length);
        bytes = new byte[0];
        length = 0;
        return whole;
    }
}
