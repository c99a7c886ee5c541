package io.streamx.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** Codecs that leave payloads as the bytes they are. */
final class RawPayload {
    static final MessageCodec<byte[]> MESSAGE = new MessageCodec<>() {
        @Override
        public void encode(byte[] message, ByteBuf out) {
            out.writeBytes(message);
        }

        @Override
        public byte[] decode(ByteBuf in) {
            return ByteBufUtil.getBytes(in);
        }
    };

    static final ResultCodec<byte[]> RESULT = new ResultCodec<>() {
        @Override
        public void encodeResult(byte @Nullable [] result, ByteBuf out) {
            if (result == null) {
                throw new IllegalArgumentException("result: null (expected: the bytes of an outcome)");
            }
            out.writeBytes(result);
        }

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            return false;
        }

        @Override
        public byte[] decode(ByteBuf in) {
            return ByteBufUtil.getBytes(in);
        }
    };

    private RawPayload() {}
}
