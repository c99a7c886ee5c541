package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.StreamingMode;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one method in JSON, read to and written from the classes that its handler takes and gives. Safe from any
 * thread.
 */
abstract class JsonMethod<Req, Res> {
    private final MethodDescriptor<Req, Res> method;

    JsonMethod(MethodDescriptor<Req, Res> method) {
        this.method = method;
    }

    final MethodDescriptor<Req, Res> method() {
        return method;
    }

    /**
     * Reads a request.
     *
     * @param isLenient whether members that the message does not have are left out, where the format can do that
     * @throws BadJsonException when the bytes are no such message, saying where
     */
    abstract Req read(ByteBuf json, boolean isLenient);

    /** Appends a message of a stream, on one line. */
    abstract void write(Res message, ByteBuf out);

    /** Appends the result of a unary call, which is null for void. */
    abstract void writeResult(@Nullable Res result, ByteBuf out);

    /** What {@code failure} is in the IDL, when the method declares it; null for every other failure. */
    abstract @Nullable DeclaredError declared(Throwable failure);

    /**
     * An exception that the IDL declares.
     *
     * @param type its name in the IDL
     * @param fields its fields as a JSON object
     */
    record DeclaredError(String type, String fields) {}

    /** The descriptor of a stream with codecs that read and write JSON. */
    final MethodDescriptor<Req, Res> written(boolean isLenient) {
        return written(json -> read(json, isLenient));
    }

    /** The descriptor of a stream whose requests are each the member {@code message} of an object. */
    final MethodDescriptor<Req, Res> wrapped() {
        return written(json -> read(HttpReply.utf8(JsonBytes.message(JsonBytes.text(json))), false));
    }

    private MethodDescriptor<Req, Res> written(Function<ByteBuf, Req> reader) {
        if (method.mode() == StreamingMode.UNARY) {
            throw new IllegalStateException(method + " is no stream");
        }
        return MethodDescriptor.streaming(
                        method.service(), method.name(), method.mode(), new Requests(reader), new Replies())
                .withFormat(method.format())
                .withGrpcPackage(method.grpcPackage());
    }

    private final class Requests implements MessageCodec<Req> {
        private final Function<ByteBuf, Req> reader;

        Requests(Function<ByteBuf, Req> reader) {
            this.reader = reader;
        }

        @Override
        public @Nullable Class<?> messageType() {
            return method.requestCodec().messageType();
        }

        @Override
        public void encode(Req message, ByteBuf out) {
            throw new UnsupportedOperationException("a server sends no requests");
        }

        @Override
        public Req decode(ByteBuf in) {
            return reader.apply(in);
        }
    }

    private final class Replies implements MessageCodec<Res> {
        @Override
        public @Nullable Class<?> messageType() {
            return method.responseCodec().messageType();
        }

        @Override
        public void encode(Res message, ByteBuf out) {
            write(message, out);
        }

        @Override
        public Res decode(ByteBuf in) {
            throw new UnsupportedOperationException("a server receives no replies");
        }
    }
}
