package io.streamx.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.CallContext;
import io.streamx.StreamingMode;
import io.streamx.UnknownMethodHandler;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;

/** Methods that no service has, as streams of bytes for the handler that takes them all. */
final class UnknownMethods {
    private static final MessageCodec<byte[]> BYTES = new MessageCodec<>() {
        @Override
        public void encode(byte[] message, ByteBuf out) {
            out.writeBytes(message);
        }

        @Override
        public byte[] decode(ByteBuf in) {
            return ByteBufUtil.getBytes(in);
        }
    };

    private UnknownMethods() {}

    static BoundMethod<byte[], byte[]> bound(String service, String method, UnknownMethodHandler handler) {
        ServiceDefinition.BidiStreamingHandler<byte[], byte[]> asStream =
                stream -> handler.handle(CallContext.current(), stream);
        return new BoundMethod<>(
                MethodDescriptor.streaming(service, method, StreamingMode.BIDIRECTIONAL, BYTES, BYTES), asStream);
    }
}
