package io.streamx.thrift;

import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What stands before the struct in a strict Thrift message: unary calls and replies, and the errors of streams. Only
 * the strict form is read, as by Kitex.
 *
 * @param type what kind of message it is
 * @param name the method as the IDL names it
 * @param seqId the sequence id, which the reply repeats; on a stream the id of the stream
 */
public record MessageHeader(Type type, String name, int seqId) {
    private static final int VERSION = 0x8001_0000;
    private static final int VERSION_MASK = 0xffff_0000;

    /** Checks for null. */
    public MessageHeader {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
    }

    /** Kinds of messages. */
    public enum Type {
        /** A request; the struct holds the arguments. */
        CALL(1),
        /** A reply; the struct holds the result or a declared exception. */
        REPLY(2),
        /** A failure; the struct is an {@link ApplicationException}. */
        EXCEPTION(3),
        /** A request that is not answered. */
        ONEWAY(4);

        private final int value;

        Type(int value) {
            this.value = value;
        }

        /** The number on the wire. */
        public int value() {
            return value;
        }

        static Type of(int value) {
            return switch (value) {
                case 1 -> CALL;
                case 2 -> REPLY;
                case 3 -> EXCEPTION;
                case 4 -> ONEWAY;
                default ->
                    throw new ApplicationException(
                            ApplicationException.INVALID_MESSAGE_TYPE,
                            "message type " + value + " (expected: 1 call, 2 reply, 3 exception or 4 oneway)");
            };
        }
    }

    /** Appends the header to {@code out}, which the caller keeps owning; the struct must follow. */
    public void encode(ByteBuf out) {
        out.writeInt(VERSION | type.value);
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length).writeBytes(utf8).writeInt(seqId);
    }

    /**
     * Reads a header; {@code in}, which the caller keeps owning, stands at the struct afterwards.
     *
     * @throws ApplicationException of type {@code PROTOCOL_ERROR} when the bytes are no strict Thrift message, of type
     *     {@code INVALID_MESSAGE_TYPE} when its kind is unknown
     */
    public static MessageHeader decode(ByteBuf in) {
        ThriftReader reader = new ThriftReader(in);
        int word = reader.readI32();
        if ((word & VERSION_MASK) != VERSION) {
            throw new ApplicationException(
                    ApplicationException.PROTOCOL_ERROR,
                    "message begins with 0x%08x (expected: 0x8001 and the message type)".formatted(word));
        }
        Type type = Type.of(word & 0xffff);
        String name = reader.readString();
        int seqId = reader.readI32();
        reader.finish();
        return new MessageHeader(type, name, seqId);
    }

    /**
     * Reads a header as {@link #decode(ByteBuf)} does. Where it names the method that {@code before} names, which the
     * messages of one connection mostly do, its name is not made anew.
     */
    public static MessageHeader decode(ByteBuf in, MessageHeader before) {
        int index = in.readerIndex();
        int nameBytes = before.name.length();
        int bytes = 3 * Integer.BYTES + nameBytes;
        if (in.readableBytes() < bytes
                || (in.getInt(index) & VERSION_MASK) != VERSION
                || in.getInt(index + Integer.BYTES) != nameBytes
                || !isAscii(in, index + 2 * Integer.BYTES, before.name)) {
            return decode(in);
        }
        Type type = Type.of(in.getInt(index) & 0xffff);
        in.skipBytes(bytes);
        return new MessageHeader(type, before.name, in.getInt(index + bytes - Integer.BYTES));
    }

    /** Whether {@code text} lies at {@code index} and is ASCII. */
    private static boolean isAscii(ByteBuf in, int index, String text) {
        for (int i = 0; i < text.length(); i++) {
            int b = in.getByte(index + i);
            if (b < 0 || b != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
