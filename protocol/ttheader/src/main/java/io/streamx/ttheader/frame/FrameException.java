package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;

/**
 * Bytes that are no TTHeader frame. The message names what was found, where, and what was expected, with the first
 * bytes in hexadecimal; the message serves as the text of a stream's "illegal frame" error (12004). No later byte of
 * the connection can be trusted.
 */
public final class FrameException extends RpcException {
    private static final long serialVersionUID = 1L;

    /** How many bytes are shown: enough to recognise HTTP, TLS or another protocol, and the whole fixed part. */
    private static final int SHOWN_BYTES = 16;

    private final int offset;

    private FrameException(String message, int offset) {
        // The exception has no stack trace, because that would always show the reader and say nothing of what the peer
        // has sent.
        super(message, null, false);
        this.offset = offset;
    }

    /** Where the fault lies, in bytes from the frame's first byte. */
    public int offset() {
        return offset;
    }

    /**
     * @param frameStart index of the frame's first byte in {@code buffer}
     * @param at index of the fault in {@code buffer}
     */
    static FrameException at(ByteBuf buffer, int frameStart, int at, String found, String expected) {
        int offset = at - frameStart;
        return new FrameException(
                "illegal TTHeader frame: " + found + " at offset " + offset + " (expected: " + expected
                        + "); first bytes: " + firstBytes(buffer, frameStart),
                offset);
    }

    private static String firstBytes(ByteBuf buffer, int start) {
        int count = Math.max(0, Math.min(SHOWN_BYTES, buffer.writerIndex() - start));
        StringBuilder shown = new StringBuilder(4 * SHOWN_BYTES);
        StringBuilder text = new StringBuilder(SHOWN_BYTES);
        for (int i = 0; i < count; i++) {
            int octet = buffer.getUnsignedByte(start + i);
            shown.append(Character.forDigit(octet >>> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
            text.append(octet >= 0x20 && octet < 0x7f ? (char) octet : '.');
        }
        return shown.append(" \"").append(text).append('"').toString();
    }
}
