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
import io.streamx.wire.ServerRuntime.Lookup;
import org.jspecify.annotations.Nullable;

/** What serves the methods that no service has, with payloads as bytes: a handler of all such streams, and one of all such calls. */
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

    private final @Nullable UnknownMethodHandler ofStreams;
    private final @Nullable UnknownUnaryMethodHandler ofUnaryCalls;

    /** The two handlers, or null where there is none. */
    UnknownMethods(@Nullable UnknownMethodHandler ofStreams, @Nullable UnknownUnaryMethodHandler ofUnaryCalls) {
        this.ofStreams = ofStreams;
        this.ofUnaryCalls = ofUnaryCalls;
    }

    /** What was found of a stream's method, or the handler of unknown ones where none was. */
    Lookup orStream(Lookup found, String service, String method) {
        return ofStreams == null || isServed(found)
                ? found
                : new Lookup.Found(bound(service, method, ofStreams), false);
    }

    /** What was found of a unary call's method, or the handler of unknown ones; {@code oneway} is what the request says. */
    Lookup orUnary(Lookup found, String service, String method, PayloadFormat format, boolean oneway) {
        return ofUnaryCalls == null || isServed(found)
                ? found
                : new Lookup.Found(bound(service, method, format, oneway, ofUnaryCalls), false);
    }

    /** Whether a lookup has found a method. A method that several services have is no unknown one. */
    private static boolean isServed(Lookup found) {
        return found instanceof Lookup.Found || found instanceof Lookup.Ambiguous;
    }

    private static BoundMethod<byte[], byte[]> bound(String service, String method, UnknownMethodHandler handler) {
        ServiceDefinition.BidiStreamingHandler<byte[], byte[]> asStream =
                stream -> handler.handle(CallContext.current(), stream);
        return new BoundMethod<>(
                MethodDescriptor.streaming(
                        service, method, StreamingMode.BIDIRECTIONAL, MessageCodec.raw(), MessageCodec.raw()),
                asStream);
    }

    private static BoundMethod<byte[], ?> bound(
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
