package io.streamx.ttheader.frame;

/**
 * The layout of a TTHeader frame, all numbers big-endian:
 *
 * <pre>
 *  0  LENGTH       4 bytes  bytes after this field: 10 + HEADER SIZE * 4 + payload
 *  4  MAGIC        2 bytes  0x1000
 *  6  FLAGS        2 bytes
 *  8  SEQ ID       4 bytes  unary: sequence id; streaming: stream id
 * 12  HEADER SIZE  2 bytes  words of 4 bytes in the variable header, padding included
 * 14  variable header: PROTOCOL ID, TRANSFORM COUNT, transform ids, info sections, padding
 *     payload
 * </pre>
 */
public final class TTHeader {
    /** Bytes before the variable header. */
    public static final int FIXED_BYTES = 14;

    /** Bytes of LENGTH, which LENGTH itself does not count. */
    public static final int LENGTH_BYTES = 4;

    /** The value of the two bytes after LENGTH. */
    public static final int MAGIC = 0x1000;

    /** The largest variable header HEADER SIZE can tell, in bytes, and what is accepted by default. */
    public static final int MAX_HEADER_BYTES = 0xffff * 4;

    /** The largest variable header sent by default, in bytes: the most that older peers accept. */
    public static final int DEFAULT_MAX_HEADER_BYTES_SENT = (64 << 10) - 4;

    /** The largest frame accepted by default, in bytes: a message of 16 MiB behind the largest header. */
    public static final int DEFAULT_MAX_FRAME_BYTES = FIXED_BYTES + MAX_HEADER_BYTES + (16 << 20);

    /** Where SEQ ID lies in a frame, to set it in the copy of a template. */
    public static final int SEQ_ID_OFFSET = 8;

    /** Where the flags lie in a frame. */
    public static final int FLAGS_OFFSET = 6;

    static final int MAGIC_OFFSET = 4;
    /** Where HEADER SIZE stands: an unsigned number of words of 4 bytes. */
    public static final int HEADER_SIZE_OFFSET = 12;

    static final int INFO_PADDING = 0x00;
    static final int INFO_STRING_ENTRIES = 0x01;
    static final int INFO_INT_ENTRIES = 0x10;
    static final int INFO_ACL_TOKEN = 0x11;

    private TTHeader() {}

    /** Bits of the FLAGS field. */
    public static final class Flags {
        /** A unary request or reply. */
        public static final int NONE = 0;
        /** Set by a unary client that takes replies in any order. */
        public static final int OUT_OF_ORDER = 0x0001;
        /** Set on every frame of TTHeader Streaming, in both directions. */
        public static final int STREAMING = 0x0002;

        private Flags() {}
    }

    /** Values of the PROTOCOL ID byte. Receivers check that the value is known and go by the payload's own magic. */
    public static final class ProtocolId {
        /** Thrift binary with message envelope; on every unary frame. */
        public static final int THRIFT_BINARY = 0x00;
        /** Thrift compact, version 2, and Kitex Protobuf of Kitex up to 1.9.1. */
        public static final int THRIFT_COMPACT_V2 = 0x03;
        /** Kitex Protobuf. */
        public static final int KITEX_PROTOBUF = 0x04;
        /** A Thrift struct without envelope; on every streaming frame. */
        public static final int THRIFT_STRUCT = 0x10;
        /** A Protobuf message without envelope; reserved for streaming. */
        public static final int PROTOBUF_STRUCT = 0x11;

        private ProtocolId() {}

        static boolean isAccepted(int protocolId) {
            return switch (protocolId) {
                case THRIFT_BINARY, THRIFT_COMPACT_V2, KITEX_PROTOBUF, THRIFT_STRUCT, PROTOBUF_STRUCT -> true;
                default -> false;
            };
        }
    }
}
