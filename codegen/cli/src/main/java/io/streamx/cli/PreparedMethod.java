package io.streamx.cli;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.StreamingMode;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import org.jspecify.annotations.Nullable;

/**
 * A method whose request is encoded once and whose replies are not looked into, but for exceptions that the IDL declares: what
 * is measured is calls and not JSON.
 */
final class PreparedMethod {
    /** The value that stands for every message, whose real bytes are encoded already. */
    static final String MESSAGE = "";

    private static final int FIELD_HEADER_BYTES = 3;

    private PreparedMethod() {}

    /** {@code method} with {@code request} for every message, which is JSON that fits the IDL. */
    static MethodDescriptor<String, String> of(MethodDescriptor<String, String> method, String request) {
        ByteBuf encoded = Unpooled.buffer();
        method.requestCodec().encode(request, encoded);
        byte[] bytes = new byte[encoded.readableBytes()];
        encoded.readBytes(bytes);
        Codec codec = new Codec(method, bytes);
        MethodDescriptor<String, String> prepared;
        if (method.isOneway()) {
            prepared = oneway(method, codec);
        } else if (method.mode() == StreamingMode.UNARY) {
            prepared = MethodDescriptor.unary(method.service(), method.name(), codec, codec);
        } else {
            prepared = MethodDescriptor.streaming(method.service(), method.name(), method.mode(), codec, codec);
        }
        return prepared.withFormat(method.format()).withGrpcPackage(method.grpcPackage());
    }

    /** As in generic descriptors, the class of replies stands in for {@link Void}, since no reply is ever made. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static MethodDescriptor<String, String> oneway(MethodDescriptor<String, String> method, Codec codec) {
        ResultCodec none = codec;
        MethodDescriptor oneway = MethodDescriptor.oneway(method.service(), method.name(), codec, none);
        return oneway;
    }

    private static final class Codec implements MessageCodec<String>, ResultCodec<String> {
        private final MethodDescriptor<String, String> method;
        private final byte[] bytes;
        private final boolean isUnaryThrift;

        Codec(MethodDescriptor<String, String> method, byte[] bytes) {
            this.method = method;
            this.bytes = bytes;
            isUnaryThrift = method.mode() == StreamingMode.UNARY && method.format() == PayloadFormat.THRIFT;
        }

        @Override
        public void encode(String message, ByteBuf out) {
            out.writeBytes(bytes);
        }

        @Override
        public String decode(ByteBuf in) {
            if (isUnaryThrift && mayBeAnException(in)) {
                String reply = method.resultCodec().decode(in);
                return reply == null ? MESSAGE : reply;
            }
            in.skipBytes(in.readableBytes());
            return MESSAGE;
        }

        /** A result is field 0; declared exceptions have other ids. */
        private static boolean mayBeAnException(ByteBuf in) {
            return in.readableBytes() >= FIELD_HEADER_BYTES && in.getShort(in.readerIndex() + 1) != 0;
        }

        @Override
        public void encodeResult(@Nullable String result, ByteBuf out) {
            throw new UnsupportedOperationException("a client makes no results");
        }

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            throw new UnsupportedOperationException("a client makes no results");
        }
    }
}
