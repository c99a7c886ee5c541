package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;

/**
 * All a frame says, copied out of its buffer, so that tests can keep and compare it.
 *
 * @param type null when the frame has no known frame type
 * @param ints null when the frame has no such section
 * @param strings null when the frame has no such section
 * @param line the frame as {@link FrameLog} shows it, without direction
 */
public record DecodedFrame(
        int flags,
        int seqId,
        int protocolId,
        FrameType type,
        String method,
        Map<Integer, String> ints,
        Map<String, String> strings,
        byte[] payload,
        String line) {

    /** Decodes exactly one frame. */
    public static DecodedFrame of(byte[] frame) {
        return of(Unpooled.wrappedBuffer(frame), 0);
    }

    /** Decodes the frame at {@code offset}, all of which must be there. */
    public static DecodedFrame of(ByteBuf buffer, int offset) {
        TTHeaderReader reader = new TTHeaderReader();
        reader.read(buffer, offset);
        byte[] payload = new byte[reader.payloadLength()];
        buffer.getBytes(reader.payloadOffset(), payload);
        return new DecodedFrame(
                reader.flags(),
                reader.seqId(),
                reader.protocolId(),
                FrameType.of(reader.frameType()),
                reader.method(),
                reader.intEntries(),
                reader.stringEntries(),
                payload,
                FrameLog.in(reader).substring(3));
    }

    @Override
    public String toString() {
        return line;
    }
}
