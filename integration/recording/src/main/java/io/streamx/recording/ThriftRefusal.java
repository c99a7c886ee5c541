package io.streamx.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.ttheader.frame.TTHeaderWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to a request of TTHeader or Thrift that cannot be answered: an exception, carried as the request was. */
final class ThriftRefusal {
    private static final int THRIFT = 0x8001;

    private ThriftRefusal() {}

    /**
     * The answer, as a whole frame.
     *
     * @param request the whole frame of the request
     * @return null for a request of Kitex Protobuf, whose exceptions are no Thrift
     */
    static byte @Nullable [] of(byte[] request, String why) {
        ByteBuf in = Unpooled.wrappedBuffer(request);
        if (in.getUnsignedShort(Integer.BYTES) != TTHeader.MAGIC) {
            boolean bare = in.getUnsignedShort(0) == THRIFT;
            return unary(bare ? in : in.skipBytes(Integer.BYTES), bare, null, why);
        }
        TTHeaderReader reader = new TTHeaderReader();
        reader.read(in, 0);
        if ((reader.flags() & TTHeader.Flags.STREAMING) == 0) {
            ByteBuf payload = in.slice(reader.payloadOffset(), reader.payloadLength());
            boolean bare = payload.getUnsignedShort(0) == THRIFT;
            return unary(bare ? payload : payload.skipBytes(Integer.BYTES), bare, reader, why);
        }
        String method = reader.method() == null ? "" : reader.method();
        ByteBuf frame = Unpooled.buffer();
        int start = new TTHeaderWriter()
                .writeHeader(
                        frame,
                        TTHeader.Flags.STREAMING,
                        reader.seqId(),
                        TTHeader.ProtocolId.THRIFT_STRUCT,
                        Map.of(IntKey.FRAME_TYPE, FrameType.TRAILER.text(), IntKey.TO_METHOD, method),
                        null);
        failure(method, reader.seqId(), why).encode(frame);
        TTHeaderWriter.patchLength(frame, start);
        return ByteBufUtil.getBytes(frame);
    }

    private static byte @Nullable [] unary(ByteBuf message, boolean bare, @Nullable TTHeaderReader reader, String why) {
        if (message.getUnsignedShort(message.readerIndex()) != THRIFT) {
            return null;
        }
        MessageHeader header = MessageHeader.decode(message);
        ByteBuf reply = Unpooled.buffer();
        failure(header.name(), header.seqId(), why).encode(reply);
        ByteBuf frame = Unpooled.buffer();
        int start = reader == null
                ? -1
                : new TTHeaderWriter()
                        .writeHeader(frame, 0, reader.seqId(), TTHeader.ProtocolId.THRIFT_BINARY, null, null);
        if (!bare) {
            frame.writeInt(reply.readableBytes());
        }
        frame.writeBytes(reply);
        if (start >= 0) {
            TTHeaderWriter.patchLength(frame, start);
        }
        return ByteBufUtil.getBytes(frame);
    }

    private static ExceptionMessage failure(String method, int seqId, String why) {
        return new ExceptionMessage(method, seqId, new ApplicationException(ApplicationException.UNKNOWN_METHOD, why));
    }
}
