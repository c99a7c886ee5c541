package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.wire.InboundMessage;
import java.util.Arrays;

/** A body that is needed as a whole. It takes memory as its bytes come, not as its length announces. */
final class RequestBody {
    private static final int FIRST_BYTES = 1024;

    private final int limit;
    private final long announced;
    private byte[] bytes = new byte[0];
    private int length;

    /**
     * A body of which nothing has come.
     *
     * @param limit how long it may be
     * @param announced how long its sender says that it is; negative where its sender says nothing
     */
    RequestBody(int limit, long announced) {
        this.limit = limit;
        this.announced = announced;
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

    /** Gives up what has come, which nobody wants any more. */
    void drop() {
        bytes = new byte[0];
        length = 0;
    }

    /** How much memory is held. */
    int heldBytes() {
        return bytes.length;
    }

    /** How much is missing, or where nobody knows, how much may come: a byte more than is allowed, for what is too long. */
    int missingBytes() {
        long most = limit - length + 1L;
        return (int) Math.max(0, announced < 0 ? most : Math.min(most, announced - length));
    }

    /** The whole body, once. */
    InboundMessage take() {
        InboundMessage whole = InboundMessage.of(bytes, 0, length);
        drop();
        return whole;
    }
}
