package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.PreparedHeader;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderWriter;
import io.streamx.wire.Limits;
import io.streamx.wire.SizeGuess;
import io.streamx.wire.UnaryProtocol.Head;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes messages for any carrier. Any thread may use a writer. */
final class MessageWriter {
    /** What a message of Kitex Protobuf begins with; the rest of its envelope is Thrift's. */
    private static final int KITEX_PROTOBUF_VERSION = 0x9001;

    private final int maxMessageBytes;
    private final TTHeaderWriter headers;
    private final int maxBufferBytes;
    private final SizeGuess size = new SizeGuess();

    MessageWriter(Limits limits) {
        maxMessageBytes = limits.maxMessageBytes();
        // The limit is cut to whole words, which the header counts in.
        int maxHeaderBytes = Math.clamp(limits.maxSentHeaderBytes() & ~3, 4, TTHeader.DEFAULT_MAX_HEADER_BYTES_SENT);
        headers = new TTHeaderWriter(maxHeaderBytes);
        maxBufferBytes = (int) Math.min(
                Integer.MAX_VALUE, (long) maxMessageBytes + TTHeader.FIXED_BYTES + maxHeaderBytes + Long.BYTES);
    }

    /**
     * Writes a whole message, on the heap.
     *
     * @param format Protobuf needs a framed carrier
     * @param flags bits of {@link TTHeader.Flags}; flags and entries are used where the carrier has a TTHeader
     * @param struct appends arguments, result or exception
     * @return the message, which the caller owns
     * @throws RpcException when the message is larger than the limit
     * @throws IllegalArgumentException when the entries are more than the header may hold
     */
    ByteBuf write(
            PingPong carrier,
            PayloadFormat format,
            int flags,
            Map<Integer, String> ints,
            Map<String, String> strings,
            MessageHeader header,
            Consumer<ByteBuf> struct) {
        ByteBuf out = newBuffer();
        if (isTTHeader(carrier)) {
            headers.writeHeader(out, flags, header.seqId(), TTHeader.ProtocolId.THRIFT_BINARY, ints, strings);
        }
        return writeMessage(out, carrier, format, header, struct);
    }

    /**
     * The TTHeader of messages that differ in nothing but sequence id and payload, to be made once.
     *
     * @throws IllegalArgumentException when the entries are more than the header may hold
     */
    byte[] ttheader(int flags, Map<Integer, String> ints, Map<String, String> strings) {
        ByteBuf out = Unpooled.buffer();
        headers.writeHeader(out, flags, 0, TTHeader.ProtocolId.THRIFT_BINARY, ints, strings);
        return ByteBufUtil.getBytes(out);
    }

    /**
     * Writes a whole message behind a header that {@link #ttheader} has made; {@code carrier} is one with a TTHeader.
     */
    ByteBuf write(
            PingPong carrier, PayloadFormat format, byte[] ttheader, MessageHeader header, Consumer<ByteBuf> struct) {
        ByteBuf out = newBuffer();
        out.writeBytes(ttheader);
        out.setInt(TTHeader.SEQ_ID_OFFSET, header.seqId());
        return writeMessage(out, carrier, format, header, struct);
    }

    /**
     * What the TTHeaders of messages have in common, to be made once.
     *
     * @throws IllegalArgumentException when the entries are more than the header may hold
     */
    PreparedHeader prepare(int flags, Map<Integer, String> ints, Map<String, String> strings) {
        return headers.prepare(flags, TTHeader.ProtocolId.THRIFT_BINARY, ints, strings);
    }

    /**
     * Writes a whole message behind a header that {@link #prepare} has begun; {@code carrier} is one with a TTHeader.
     *
     * @param timeout in milliseconds; null for none
     * @return null when the header cannot be written so: {@link PreparedHeader#write}
     */
    @Nullable
    ByteBuf write(
            PingPong carrier,
            PayloadFormat format,
            PreparedHeader prepared,
            Head head,
            @Nullable String timeout,
            MessageHeader header,
            Consumer<ByteBuf> struct) {
        ByteBuf out = newBuffer();
        return prepared.write(out, header.seqId(), head.persistents(), head.transients(), timeout)
                ? writeMessage(out, carrier, format, header, struct)
                : null;
    }

    /** The size of the struct in a whole message that was written for {@code carrier}. */
    static int payloadBytes(ByteBuf message, PingPong carrier) {
        int at = message.readerIndex();
        if (isTTHeader(carrier)) {
            at += TTHeader.FIXED_BYTES + message.getUnsignedShort(at + TTHeader.HEADER_SIZE_OFFSET) * 4;
        }
        if (carrier == PingPong.FRAMED || carrier == PingPong.TTHEADER_FRAMED) {
            at += Integer.BYTES;
        }
        // The envelope is version and type, the name behind its length, and the sequence id.
        at += 3 * Integer.BYTES + message.getInt(at + Integer.BYTES);
        return message.writerIndex() - at;
    }

    private static boolean isTTHeader(PingPong carrier) {
        return carrier == PingPong.TTHEADER || carrier == PingPong.TTHEADER_FRAMED;
    }

    private ByteBuf newBuffer() {
        return Unpooled.buffer(Math.min(size.next(), maxBufferBytes), maxBufferBytes);
    }

    private ByteBuf writeMessage(
            ByteBuf out, PingPong carrier, PayloadFormat format, MessageHeader header, Consumer<ByteBuf> struct) {
        boolean framed = carrier == PingPong.FRAMED || carrier == PingPong.TTHEADER_FRAMED;
        int lengthAt = out.writerIndex();
        if (framed) {
            out.writeInt(0);
        }
        int messageAt = out.writerIndex();
        try {
            header.encode(out);
            if (format == PayloadFormat.PROTOBUF) {
                out.setShort(messageAt, KITEX_PROTOBUF_VERSION);
            }
            struct.accept(out);
        } catch (IndexOutOfBoundsException e) {
            throw new RpcException(
                    header.name() + ": message of more than " + (maxBufferBytes - messageAt) + expectedLimit(), e);
        }
        int messageBytes = out.writerIndex() - messageAt;
        if (messageBytes > maxMessageBytes) {
            throw new RpcException(header.name() + ": message of " + messageBytes + expectedLimit());
        }
        if (framed) {
            out.setInt(lengthAt, messageBytes);
        }
        if (isTTHeader(carrier)) {
            TTHeaderWriter.patchLength(out, 0);
        }
        size.was(out.writerIndex());
        return out;
    }

    private String expectedLimit() {
        return " bytes (expected: at most " + maxMessageBytes + ", the largest message allowed here)";
    }
}
