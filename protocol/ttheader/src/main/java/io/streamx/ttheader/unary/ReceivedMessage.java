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
 * @param carrier what it came on
 * @param format what its struct is written in; Protobuf is Kitex Protobuf, whose envelope is that of Thrift but for a
 *     number
 * @param flags of its TTHeader; none without one
 * @param frameSeqId of its TTHeader; without one that of the message
 * @param ints of its TTHeader
 * @param strings of its TTHeader
 * @param header the envelope
 * @param struct the bytes of arguments, result or exception, on the heap and nobody else's: they need no release
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

    /** A number of bytes in words: without a length of its own a message is known to be so large at the least. */
    String size(long messageBytes) {
        return (carrier == PingPong.BUFFERED ? "at least " : "") + messageBytes;
    }

    /** Whether the peer takes replies in any order: its connection carries other calls at the same time. */
    boolean isOutOfOrder() {
        return (flags & TTHeader.Flags.OUT_OF_ORDER) != 0;
    }

    /** Whether the peer is about to close the connection. */
    boolean announcesClose() {
        return strings.containsKey(StringKey.CONNECTION_RESET);
    }
}
