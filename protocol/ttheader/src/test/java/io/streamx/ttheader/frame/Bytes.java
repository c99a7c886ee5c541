package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ttheader.Frames;

/** Frames by hand, legal or not. */
final class Bytes {
    private Bytes() {}

    /** A streaming frame of stream 1 with that variable header, zeroes up to a full word, and no payload. */
    static ByteBuf frame(String headerHex) {
        return frame(Frames.hex(headerHex), new byte[0]);
    }

    /** A streaming frame of stream 1 with that variable header, zeroes up to a full word, and that payload. */
    static ByteBuf frame(byte[] header, byte[] payload) {
        int padding = -header.length & 3;
        ByteBuf frame = Unpooled.buffer(14 + header.length + padding + payload.length);
        frame.writeInt(10 + header.length + padding + payload.length)
                .writeInt(0x10000002)
                .writeInt(1)
                .writeShort((header.length + padding) / 4)
                .writeBytes(header)
                .writeZero(padding)
                .writeBytes(payload);
        return frame;
    }
}
