package io.streamx.ttheader;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whole frames as a Kitex peer writes them, for scripts. */
public final class Frames {
    private static final byte[] EMPTY = {};

    private Frames() {}

    /** A Header frame; a client's has the entry {@code isn}. */
    public static byte[] header(int streamId, String method, Map<String, String> strings) {
        return streaming(FrameType.HEADER, streamId, method, strings, EMPTY);
    }

    /** The Header frame with which a client opens a stream. */
    public static byte[] open(int streamId, String service, String method) {
        return header(streamId, method, Map.of(StringKey.IDL_SERVICE_NAME, service));
    }

    /** One message. */
    public static byte[] data(int streamId, String method, byte[] struct) {
        return streaming(FrameType.DATA, streamId, method, Map.of(), struct);
    }

    /** The end of what a side sends, without error. */
    public static byte[] trailer(int streamId, String method, Map<String, String> strings) {
        return streaming(FrameType.TRAILER, streamId, method, strings, EMPTY);
    }

    /** The end of a stream whose handler failed. */
    public static byte[] errorTrailer(int streamId, String method, int code, String message) {
        return streaming(FrameType.TRAILER, streamId, method, Map.of(), exception(method, streamId, code, message));
    }

    /**
     * A reset.
     *
     * @param cancelPath comma separated, "" for none
     */
    public static byte[] rst(int streamId, String method, int code, String message, String cancelPath) {
        Map<String, String> strings = cancelPath.isEmpty() ? Map.of() : Map.of(StringKey.CANCEL_PATH, cancelPath);
        return streaming(FrameType.RST, streamId, method, strings, exception(method, streamId, code, message));
    }

    /** A proxy's Meta frame. */
    public static byte[] meta(int streamId, String method, Map<String, String> strings) {
        return streaming(FrameType.META, streamId, method, strings, EMPTY);
    }

    /** Any frame of a stream. */
    public static byte[] streaming(
            FrameType type, int streamId, String method, Map<String, String> strings, byte[] payload) {
        Map<Integer, String> ints = new LinkedHashMap<>();
        ints.put(IntKey.FRAME_TYPE, type.text());
        ints.put(IntKey.TO_METHOD, method);
        return frame(TTHeader.Flags.STREAMING, streamId, TTHeader.ProtocolId.THRIFT_STRUCT, ints, strings, payload);
    }

    /** Any frame. */
    public static byte[] frame(
            int flags,
            int seqId,
            int protocolId,
            Map<Integer, String> ints,
            Map<String, String> strings,
            byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        TTHeaderWriter writer = new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES);
        int start = writer.writeHeader(frame, flags, seqId, protocolId, ints, strings);
        frame.writeBytes(payload);
        TTHeaderWriter.patchLength(frame, start);
        return ByteBufUtil.getBytes(frame);
    }

    /** A strict Thrift message of type exception. */
    public static byte[] exception(String name, int seqId, int code, String message) {
        ByteBuf out = Unpooled.buffer();
        out.writeInt(0x80010003);
        writeText(out, name);
        out.writeInt(seqId);
        writeText(out.writeByte(11).writeShort(1), message);
        out.writeByte(8).writeShort(2).writeInt(code);
        out.writeByte(0);
        return ByteBufUtil.getBytes(out);
    }

    /** A struct with one string as field 1: the messages of echo.thrift. */
    public static byte[] struct(String text) {
        ByteBuf out = Unpooled.buffer();
        writeText(out.writeByte(11).writeShort(1), text);
        return ByteBufUtil.getBytes(out.writeByte(0));
    }

    /** Bytes from hexadecimal digits, blanks between them ignored. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    }

    private static void writeText(ByteBuf out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length).writeBytes(utf8);
    }
}
