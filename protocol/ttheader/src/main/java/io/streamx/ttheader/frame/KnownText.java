package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * The text that one place of a connection's headers had last, with its bytes. The same text often comes again, and comparing bytes
 * is cheaper than making a text of them. One thread.
 */
final class KnownText {
    /** A longer text is likely to be of one header alone. */
    private static final int MAX_BYTES = 128;

    private final ByteBuf bytes = Unpooled.buffer(MAX_BYTES, MAX_BYTES);
    private String text = "";

    /** The text of the {@code length} bytes at {@code at}. */
    String read(ByteBuf frame, int at, int length) {
        if (length > MAX_BYTES) {
            return frame.toString(at, length, StandardCharsets.UTF_8);
        }
        if (length == bytes.writerIndex() && ByteBufUtil.equals(bytes, 0, frame, at, length)) {
            return text;
        }
        bytes.clear().writeBytes(frame, at, length);
        text = new String(bytes.array(), bytes.arrayOffset(), length, StandardCharsets.UTF_8);
        return text;
    }
}
