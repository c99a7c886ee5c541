package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.streamx.PingPong;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.StringKey;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What lies before a unary message: a length, a TTHeader, both or nothing. Offsets are those of the buffer that the message
 * came in. One object serves all messages of a connection, one after the other, on its event loop.
 */
final class Envelope {
    private PingPong carrier = PingPong.FRAMED;
    private PayloadFormat format = PayloadFormat.THRIFT;
    private int payloadAt;
    private int messageAt;
    private boolean isTTHeader;
    private int flags;
    private int seqId;
    private Map<Integer, String> ints = Map.of();
    private Map<String, String> strings = Map.of();

    /** Where the message begins. */
    int messageAt() {
        return messageAt;
    }

    /** What the message is written in. */
    PayloadFormat format() {
        return format;
    }

    /** Becomes an envelope without a TTHeader, whose entries may come of a mesh header. */
    Envelope bare(PingPong on, PayloadFormat written, int payload, int message, Map<String, String> meshEntries) {
        ttheader(on, written, payload, message, 0, 0, Map.of(), meshEntries);
        isTTHeader = false;
        return this;
    }

    /** Becomes an envelope with a TTHeader. */
    Envelope ttheader(
            PingPong on,
            PayloadFormat written,
            int payload,
            int message,
            int headerFlags,
            int headerSeqId,
            Map<Integer, String> intEntries,
            Map<String, String> stringEntries) {
        isTTHeader = true;
        carrier = on;
        format = written;
        payloadAt = payload;
        messageAt = message;
        flags = headerFlags;
        seqId = headerSeqId;
        ints = intEntries;
        strings = stringEntries;
        return this;
    }

    ReceivedMessage received(MessageHeader header, ByteBuf struct) {
        return new ReceivedMessage(
                carrier, format, flags, isTTHeader ? seqId : header.seqId(), ints, strings, header, struct);
    }

    /**
     * Checks the checksum of the message, if it has one.
     *
     * @param end where the message ends
     */
    void checkSum(ByteBuf in, int end) {
        String expected = strings.get(StringKey.CRC32C);
        if (expected == null) {
            return;
        }
        CRC32C sum = new CRC32C();
        sum.update(in.nioBuffer(payloadAt, end - payloadAt));
        String actual = HexFormat.of().toHexDigits((int) sum.getValue());
        if (!actual.equals(expected)) {
            throw new MalformedMessageException("payload of " + (end - payloadAt) + " bytes with crc32c " + actual
                    + " and not " + expected.substring(0, Math.min(expected.length(), 16))
                    + ", which its TTHeader says");
        }
    }
}
