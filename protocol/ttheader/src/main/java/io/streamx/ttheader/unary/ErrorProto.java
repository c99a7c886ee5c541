package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.ApplicationException;
import java.nio.charset.StandardCharsets;

/**
 * What stands in an exception message of Kitex Protobuf: {@code message ErrorProto { int32 TypeID = 1; string Message =
 * 2; }}. It is written by hand, so that users of Thrift need no Protobuf library.
 *
 * <p>Source: docs/protocol/unary.md "8. Kitex Protobuf"; kitex pkg/remote/codec/protobuf/error.proto.
 */
final class ErrorProto {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private static final int TYPE_ID = 1;
    private static final int MESSAGE = 2;
    /** The most bytes of a number, since each byte holds seven of 64 bits. */
    private static final int MAX_VARINT_BYTES = 10;

    private ErrorProto() {}

    /** Appends {@code failure} to {@code out}, which the caller keeps owning. */
    static void encode(ApplicationException failure, ByteBuf out) {
        out.writeByte(TYPE_ID << 3 | VARINT);
        writeVarint(failure.type(), out);
        String message = failure.getMessage();
        String text = message == null ? "" : message;
        out.writeByte(MESSAGE << 3 | LENGTH_DELIMITED);
        int bytes = ByteBufUtil.utf8Bytes(text);
        writeVarint(bytes, out);
        ByteBufUtil.reserveAndWriteUtf8(out, text, bytes);
    }

    private static void writeVarint(long value, ByteBuf out) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.writeByte(((int) left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    /**
     * Reads all of {@code in}, which the caller keeps owning.
     *
     * @throws ApplicationException of type {@code PROTOCOL_ERROR} when {@code in} holds no Protobuf message
     */
    static ApplicationException decode(ByteBuf in) {
        int type = ApplicationException.UNKNOWN;
        String message = "";
        while (in.isReadable()) {
            long tag = readVarint(in);
            int field = (int) (tag >>> 3);
            switch ((int) tag & 7) {
                case VARINT -> {
                    long value = readVarint(in);
                    type = field == TYPE_ID ? (int) value : type;
                }
                case FIXED64 -> in.skipBytes(checked(in, Long.BYTES));
                case FIXED32 -> in.skipBytes(checked(in, Integer.BYTES));
                case LENGTH_DELIMITED -> {
                    int length = checked(in, readVarint(in));
                    message =
                            field == MESSAGE ? in.toString(in.readerIndex(), length, StandardCharsets.UTF_8) : message;
                    in.skipBytes(length);
                }
                default -> throw malformed("wire type " + (tag & 7) + " of field " + field);
            }
        }
        return new ApplicationException(type, message);
    }

    private static long readVarint(ByteBuf in) {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            checked(in, 1);
            byte next = in.readByte();
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a varint of more than " + MAX_VARINT_BYTES + " bytes");
    }

    private static int checked(ByteBuf in, long length) {
        if (length < 0 || length > in.readableBytes()) {
            throw malformed("a value of " + length + " bytes with " + in.readableBytes() + " left");
        }
        return (int) length;
    }

    private static ApplicationException malformed(String what) {
        return new ApplicationException(
                ApplicationException.PROTOCOL_ERROR, "exception message holds " + what + " (expected: an ErrorProto)");
    }
}
