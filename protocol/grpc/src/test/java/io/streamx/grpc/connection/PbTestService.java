package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.StreamingMode;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Protobuf service of the recorded conversations: request and response hold one string, field 1. */
final class PbTestService {
    static final MessageCodec<String> TEXT = new TextCodec();
    static final MethodDescriptor<String, String> ECHO = MethodDescriptor.streaming(
                    "PbTestService", "Echo", StreamingMode.BIDIRECTIONAL, TEXT, TEXT)
            .withFormat(PayloadFormat.PROTOBUF);
    static final MethodDescriptor<String, String> PING_PONG = MethodDescriptor.unary(
                    "PbTestService", "PingPong", TEXT, new Result())
            .withFormat(PayloadFormat.PROTOBUF);

    private static final ServiceDescriptor DESCRIPTOR =
            new ServiceDescriptor("PbTestService", "pb", PayloadFormat.PROTOBUF, List.of(ECHO, PING_PONG));

    private PbTestService() {}

    static ServiceDefinition with(
            ServiceDefinition.BidiStreamingHandler<String, String> echo,
            ServiceDefinition.UnaryHandler<String, String> pingPong) {
        return ServiceDefinition.builder(DESCRIPTOR)
                .bidiStreaming(ECHO, echo)
                .unary(PING_PONG, pingPong)
                .build();
    }

    private static final class TextCodec implements MessageCodec<String> {
        private static final int FIELD_1 = 10;

        @Override
        public void encode(String message, ByteBuf out) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            out.writeByte(FIELD_1);
            int rest = bytes.length;
            for (; rest > 0x7F; rest >>>= 7) {
                out.writeByte(rest & 0x7F | 0x80);
            }
            out.writeByte(rest);
            out.writeBytes(bytes);
        }

        @Override
        public String decode(ByteBuf in) {
            in.skipBytes(1);
            int length = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = in.readByte();
                length |= (b & 0x7F) << shift;
                if (b >= 0) {
                    return text(in, length);
                }
            }
        }

        private static String text(ByteBuf in, int length) {
            if (length > in.readableBytes()) {
                throw new ApplicationException(ApplicationException.PROTOCOL_ERROR, "a text cut short");
            }
            return in.readCharSequence(length, StandardCharsets.UTF_8).toString();
        }
    }

    private static final class Result implements ResultCodec<String> {
        @Override
        public void encodeResult(@Nullable String result, ByteBuf out) {
            TEXT.encode(Objects.requireNonNull(result), out);
        }

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            return false;
        }

        @Override
        public String decode(ByteBuf in) {
            return TEXT.decode(in);
        }
    }
}
