package io.streamx.server;

import io.netty.buffer.ByteBuf;
import io.streamx.CallContext;
import io.streamx.StreamingMode;
import io.streamx.UnknownMethodHandler;
import io.streamx.UnknownUnaryMethodHandler;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.service.ServiceDefinition.UnaryHandler;
import org.jspecify.annotations.Nullable;

/** An unknown method, which no service has, with payloads as bytes, for the handler that takes all such calls. */
final class UnknownMethods {
    /** The codec of results of oneway requests: whatever the handler has returned is dropped. */
    private static final ResultCodec<Void> NOTHING = new ResultCodec<>() {
        @Override
        public void encodeResult(@Nullable Void result, ByteBuf out) {}

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            return false;
        }

        @Override
        public @Nullable Void decode(ByteBuf in) {
            return null;
        }
    };

    private UnknownMethods() {}

    static BoundMethod<byte[], byte[]> bound(String service, String method, UnknownMethodHandler handler) {
        ServiceDefinition.BidiStreamingHandler<byte[], byte[]> asStream =
                stream -> handler.handle(CallContext.current(), stream);
        return new BoundMethod<>(
                MethodDescriptor.streaming(
                        service, method, StreamingMode.BIDIRECTIONAL, MessageCodec.raw(), MessageCodec.raw()),
                asStream);
    }

    /** A method for a unary call; {@code oneway} is what the request says. */
    static BoundMethod<byte[], ?> bound(
            String service, String method, PayloadFormat format, boolean oneway, UnknownUnaryMethodHandler handler) {
        if (oneway) {
            return new BoundMethod<>(
                    MethodDescriptor.oneway(service, method, MessageCodec.raw(), NOTHING)
                            .withFormat(format),
                    (UnaryHandler<byte[], Void>) request -> {
                        handler.handle(CallContext.current(), request);
                        return null;
                    });
        }
        return new BoundMethod<>(
                MethodDescriptor.unary(service, method, MessageCodec.raw(), ResultCodec.raw())
                        .withFormat(format),
                (UnaryHandler<byte[], byte[]>) request -> handler.handle(CallContext.current(), request));
    }
}
