package io.streamx.recording;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * What it takes to send a frame once more.
 *
 * <p>For TTHeader and Thrift these are the bytes of the whole frame and the places of its stream or sequence id; for a message of
 * gRPC the message with its prefix of five bytes; for headers their fields.
 */
final class FrameBytes {
    static final FrameBytes NONE = new FrameBytes(new byte[0], new int[0], List.of(), false);

    private final byte[] bytes;
    private final int[] idAt;
    private final List<Map.Entry<String, String>> fields;
    private final boolean isEnd;

    private FrameBytes(byte[] bytes, int[] idAt, List<Map.Entry<String, String>> fields, boolean isEnd) {
        this.bytes = bytes;
        this.idAt = idAt;
        this.fields = fields;
        this.isEnd = isEnd;
    }

    /** A frame of TTHeader or Thrift; nobody changes the arrays from now on. A negative place is none. */
    static FrameBytes thrift(byte[] bytes, int... idAt) {
        return new FrameBytes(bytes, idAt, List.of(), false);
    }

    /** What a DATA frame carries, which may be nothing but the end of its side. */
    static FrameBytes data(byte[] bytes, boolean isEnd) {
        return new FrameBytes(bytes, new int[0], List.of(), isEnd);
    }

    static FrameBytes headers(List<Map.Entry<String, String>> fields, boolean isEnd) {
        return new FrameBytes(new byte[0], new int[0], fields, isEnd);
    }

    /** The bytes, with the stream or sequence id {@code id} in all its places. */
    byte[] withId(int id) {
        byte[] copy = bytes.clone();
        for (int at : idAt) {
            if (at >= 0) {
                ByteBuffer.wrap(copy).putInt(at, id);
            }
        }
        return copy;
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Of headers, in order. */
    List<Map.Entry<String, String>> fields() {
        return fields;
    }

    /** Whether its sender sends nothing more on its stream of HTTP/2. */
    boolean isEnd() {
        return isEnd;
    }
}
