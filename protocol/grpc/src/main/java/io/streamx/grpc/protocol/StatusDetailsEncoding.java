package io.streamx.grpc.protocol;

import io.streamx.StatusDetail;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The message {@code google.rpc.Status}, which {@code grpc-status-details-bin} carries. The message has three fields,
 * which are read and written by hand so that gRPC with Thrift payloads needs no Protobuf library.
 *
 * @param code the status code; field 1
 * @param message for the caller; field 2
 * @param details the details, each a {@code google.protobuf.Any}; field 3
 */
record StatusDetailsEncoding(int code, String message, List<StatusDetail> details) {
    /** How many bytes of the header, which is in base64, three bytes of the message take. */
    static final int HEADER_BYTES_PER_3_BYTES = 4;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int GROUP = 3;
    private static final int GROUP_END = 4;
    private static final int FIXED32 = 5;

    private static final int MAX_VARINT_BYTES = 10;

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (code != 0) {
            writeVarint(out, tagOf(1, VARINT));
            writeVarint(out, code);
        }
        writeBytes(out, 2, StatusMessage.wellFormed(message).getBytes(StandardCharsets.UTF_8));
        for (StatusDetail detail : details) {
            ByteArrayOutputStream any = new ByteArrayOutputStream();
            writeBytes(any, 1, detail.typeUrl().getBytes(StandardCharsets.UTF_8));
            byte[] value = new byte[detail.size()];
            detail.value().get(value);
            writeBytes(any, 2, value);
            writeVarint(out, tagOf(3, BYTES));
            writeVarint(out, any.size());
            out.writeBytes(any.toByteArray());
        }
        return out.toByteArray();
    }

    private static void writeBytes(ByteArrayOutputStream out, int field, byte[] value) {
        if (value.length > 0) {
            writeVarint(out, tagOf(field, BYTES));
            writeVarint(out, value.length);
            out.writeBytes(value);
        }
    }

    private static int tagOf(int field, int wireType) {
        return (field << 3) | wireType;
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /**
     * Reads the message; unknown fields are skipped.
     *
     * @throws IllegalArgumentException saying what is wrong with the bytes, and where
     */
    static StatusDetailsEncoding decode(byte[] bytes) {
        Reader in = new Reader(bytes, 0, bytes.length);
        int code = 0;
        String message = "";
        List<StatusDetail> details = new ArrayList<>();
        while (in.hasMore()) {
            long tag = in.tag();
            if (tag == tagOf(1, VARINT)) {
                code = (int) in.varint();
            } else if (tag == tagOf(2, BYTES)) {
                message = in.nested().text();
            } else if (tag == tagOf(3, BYTES)) {
                details.add(detail(in.nested()));
            } else {
                in.skip(tag);
            }
        }
        return new StatusDetailsEncoding(code, message, details);
    }

    private static StatusDetail detail(Reader in) {
        String typeUrl = "";
        byte[] value = {};
        while (in.hasMore()) {
            long tag = in.tag();
            if (tag == tagOf(1, BYTES)) {
                typeUrl = in.nested().text();
            } else if (tag == tagOf(2, BYTES)) {
                value = in.nested().rest();
            } else {
                in.skip(tag);
            }
        }
        return new StatusDetail(typeUrl, value);
    }

    /** Reads Protobuf's wire format, as far as that goes without knowing the fields. */
    private static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        boolean hasMore() {
            return at < end;
        }

        long tag() {
            int start = at;
            long tag = varint();
            if (tag < 1 << 3 || tag > 0xFFFF_FFFFL) {
                throw malformed("tag " + tag, start, "a field number of 1 to 536870911");
            }
            return tag;
        }

        long varint() {
            int start = at;
            long value = 0;
            for (int i = 0; i < MAX_VARINT_BYTES; i++) {
                if (at == end) {
                    throw malformed("a number cut short", start, "a last byte below 128");
                }
                byte b = bytes[at++];
                value |= (long) (b & 0x7F) << (7 * i);
                if (b >= 0) {
                    return value;
                }
            }
            throw malformed("a number longer than " + MAX_VARINT_BYTES + " bytes", start, "at most those");
        }

        /** A reader of the bytes that a length announces. */
        Reader nested() {
            int start = at;
            long length = varint();
            if (length < 0 || length > end - at) {
                throw malformed("length " + length, start, "at most the " + (end - at) + " bytes that follow");
            }
            Reader nested = new Reader(bytes, at, at + (int) length);
            at += (int) length;
            return nested;
        }

        String text() {
            return new String(bytes, at, end - at, StandardCharsets.UTF_8);
        }

        byte[] rest() {
            return Arrays.copyOfRange(bytes, at, end);
        }

        /** Skips a field; nested groups are counted and need no recursion, however deep they are. */
        void skip(long tag) {
            int depth = 0;
            for (long current = tag; ; current = tag()) {
                switch ((int) (current & 7)) {
                    case VARINT -> varint();
                    case FIXED64 -> skipBytes(Long.BYTES);
                    case BYTES -> nested();
                    case GROUP -> depth++;
                    case GROUP_END -> depth--;
                    case FIXED32 -> skipBytes(Integer.BYTES);
                    default -> throw malformed("wire type " + (current & 7), at, "0 to 5");
                }
                if (depth < 0) {
                    throw malformed("the end of a group", at, "its start before it");
                }
                if (depth == 0) {
                    return;
                }
            }
        }

        private void skipBytes(int count) {
            if (count > end - at) {
                throw malformed("a field cut short", at, count + " bytes instead of " + (end - at));
            }
            at += count;
        }

        private static IllegalArgumentException malformed(String what, int where, String expected) {
            return new IllegalArgumentException(
                    "google.rpc.Status with " + what + " at byte " + where + " (expected: " + expected + ")");
        }
    }
}
