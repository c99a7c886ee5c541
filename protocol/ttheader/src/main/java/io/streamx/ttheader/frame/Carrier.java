package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;

/**
 * What a peer speaks, told from eight bytes. A server asks {@link #ofConnection} once for a connection's first bytes;
 * on a unary connection both ends ask {@link #ofMessage} for every message, and {@link #ofPayload} for what follows a
 * TTHeader.
 */
public enum Carrier {
    /** Fewer than {@link #BYTES} bytes are there, so nothing can be told yet. */
    NEED_MORE,
    /** The preface of HTTP/2. */
    HTTP2,
    /** TTHeader Streaming. */
    TTHEADER_STREAMING,
    /** A unary message behind a TTHeader. */
    TTHEADER,
    /** A unary message behind the legacy mesh header. */
    MESH,
    /** A strict Thrift message. */
    THRIFT_BUFFERED,
    /** A strict Thrift message behind its length in 4 bytes. */
    THRIFT_FRAMED,
    /** A Kitex Protobuf message behind its length in 4 bytes. */
    KITEX_PROTOBUF_FRAMED,
    /** The bytes are of no known carrier. */
    UNKNOWN;

    /** How many bytes it takes to tell the carrier. */
    public static final int BYTES = 8;

    /** {@code PRI * HT}. */
    private static final long HTTP2_PREFACE = 0x505249202a204854L;

    /** The carrier of a connection whose first byte lies at {@code offset}. */
    public static Carrier ofConnection(ByteBuf buffer, int offset) {
        if (buffer.writerIndex() - offset < BYTES) {
            return NEED_MORE;
        }
        long firstEight = buffer.getLong(offset);
        if (isHttp2Preface(firstEight)) {
            return HTTP2;
        }
        return isStreaming(firstEight) ? TTHEADER_STREAMING : message(firstEight);
    }

    /** The carrier of the unary message that starts at {@code offset}; never a streaming one. */
    public static Carrier ofMessage(ByteBuf buffer, int offset) {
        return buffer.writerIndex() - offset < BYTES ? NEED_MORE : message(buffer.getLong(offset));
    }

    /** What lies behind a TTHeader or mesh header: Thrift or Kitex Protobuf. */
    public static Carrier ofPayload(ByteBuf buffer, int offset) {
        return buffer.writerIndex() - offset < BYTES ? NEED_MORE : payload(buffer.getLong(offset));
    }

    private static Carrier message(long firstEight) {
        if (isTTHeader(firstEight)) {
            return TTHEADER;
        }
        return isMesh(firstEight) ? MESH : payload(firstEight);
    }

    private static Carrier payload(long firstEight) {
        if (isThriftBuffered(firstEight)) {
            return THRIFT_BUFFERED;
        }
        if (isThriftFramed(firstEight)) {
            return THRIFT_FRAMED;
        }
        return isKitexProtobuf(firstEight) ? KITEX_PROTOBUF_FRAMED : UNKNOWN;
    }

    static boolean isHttp2Preface(long firstEight) {
        return firstEight == HTTP2_PREFACE;
    }

    /** Whether the bytes begin a TTHeader frame, of a stream or a unary message. */
    static boolean isTTHeader(long firstEight) {
        return secondHigh(firstEight) == TTHeader.MAGIC;
    }

    static boolean isStreaming(long firstEight) {
        return isTTHeader(firstEight) && (firstEight & TTHeader.Flags.STREAMING) != 0;
    }

    static boolean isMesh(long firstEight) {
        return firstHigh(firstEight) == 0xffaf;
    }

    static boolean isThriftBuffered(long firstEight) {
        return firstHigh(firstEight) == 0x8001;
    }

    static boolean isThriftFramed(long firstEight) {
        return secondHigh(firstEight) == 0x8001;
    }

    static boolean isKitexProtobuf(long firstEight) {
        return secondHigh(firstEight) == 0x9001;
    }

    /** The upper half of the first big-endian word. */
    private static int firstHigh(long firstEight) {
        return (int) (firstEight >>> 48);
    }

    /** The upper half of the second word. */
    private static int secondHigh(long firstEight) {
        return (int) (firstEight >>> 16) & 0xffff;
    }
}
