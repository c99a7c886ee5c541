package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Map;

/**
 * The variable header of a connection's last TTHeader, and what it says. The headers of one method and caller are alike
 * to the byte unless metainfo goes along, and so are those of most replies. Comparing bytes is cheaper than reading
 * entries.
 */
final class LastHeader {
    /** The longest header that is kept; a longer one is likely to be of one call alone. */
    private static final int MAX_BYTES = 512;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private Map<Integer, String> ints = Map.of();
    private Map<String, String> strings = Map.of();

    /** Whether the bytes of the last header lie at {@code index}. */
    boolean matches(ByteBuf in, int index, int length) {
        return length == bytes.readableBytes() && ByteBufUtil.equals(bytes, 0, in, index, length);
    }

    /** Keeps a header that has been read; the maps must not change any more. */
    void remember(ByteBuf in, int index, int length, Map<Integer, String> newInts, Map<String, String> newStrings) {
        if (length <= MAX_BYTES) {
            if (bytes.capacity() < length) {
                bytes = Unpooled.buffer(length, MAX_BYTES);
            }
            bytes.clear().writeBytes(in, index, length);
            ints = newInts;
            strings = newStrings;
        }
    }

    Map<Integer, String> ints() {
        return ints;
    }

    Map<String, String> strings() {
        return strings;
    }
}
