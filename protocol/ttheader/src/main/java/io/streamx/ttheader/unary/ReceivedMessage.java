package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.streamx.PingPong;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.ttheader.frame.TTHeader;
import java.util.Map;

/**
 * A message whose envelope has been read.
 *
 * @param carrier what the message came on
 * @param format what the struct is written in; Protobuf is Kitex Protobuf, whose envelope is that of Thrift but for a
 *     number
 * @param flags the flags of the TTHeader; none without a TTHeader
 * @param frameSeqId the sequence id of the TTHeader; that of the message without a TTHeader
 * @param ints the int entries of the TTHeader
 * @param strings the string entries of the TTHeader
 * @param header the envelope
 * @param struct the bytes of arguments, result or exception. They are on the heap, belong to this message alone, and
 *     need no release
 */
record ReceivedMessage(
        PingPong carrier,
        PayloadFormat format,
        int flags,
        int frameSeqId,
        Map<Integer, String> ints,
        Map<String, String> strings,
        MessageHeader header,
        ByteBuf struct) {
    boolean isOnTTHeader() {
        return carrier == PingPong.TTHEADER || carrier == PingPong.TTHEADER_FRAMED;
    }

    /** The size of the message in words; of a message without a length only the least size is known. */
    String size(long messageBytes) {
        return (carrier == PingPong.BUFFERED ? "at least " : "") + messageBytes;
    }

    /** Whether the peer takes replies in any order, so that the connection may carry several calls at once. */
    boolean isOutOfOrder() {
        return (flags & TTHeader.Flags.OUT_OF_ORDER) != 0;
    }

    /** Whether the peer is about to close the connection. */
    boolean announcesClose() {
        return strings.containsKey(StringKey.CONNECTION_RESET);
    }
}
