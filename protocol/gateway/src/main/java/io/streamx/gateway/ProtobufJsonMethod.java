package io.streamx.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.StreamingMode;
import io.streamx.protobuf.ProtobufCodec;
import io.streamx.service.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/** JSON of a Protobuf method, as ProtoJSON has it. */
final class ProtobufJsonMethod<Req, Res> extends JsonMethod<Req, Res> {
    private final Message request;
    private final Message reply;
    private final JsonFormat.Parser strict;
    private final JsonFormat.Parser lenient;
    private final JsonFormat.Printer printer;

    private ProtobufJsonMethod(MethodDescriptor<Req, Res> method, Message request, Message reply) {
        super(method);
        this.request = request;
        this.reply = reply;
        TypeRegistry types = TypeRegistry.newBuilder()
                .add(request.getDescriptorForType())
                .add(reply.getDescriptorForType())
                .build();
        strict = JsonFormat.parser().usingTypeRegistry(types);
        lenient = strict.ignoringUnknownFields();
        printer = JsonFormat.printer().usingTypeRegistry(types).omittingInsignificantWhitespace();
    }

    /** The JSON of that method; null when its messages have no descriptors. */
    static <Req, Res> @Nullable ProtobufJsonMethod<Req, Res> of(MethodDescriptor<Req, Res> method) {
        Message request = message(method.requestCodec());
        Message reply = message(method.mode() == StreamingMode.UNARY ? method.resultCodec() : method.responseCodec());
        return request == null || reply == null ? null : new ProtobufJsonMethod<>(method, request, reply);
    }

    private static @Nullable Message message(Object codec) {
        if (!(codec instanceof ProtobufCodec<?> protobuf)) {
            return null;
        }
        MessageLite empty = protobuf.defaultInstance();
        return empty instanceof Message full ? full : null;
    }

    @Override
    @SuppressWarnings("unchecked") // the builder of a message makes messages of its own class
    Req read(ByteBuf in, boolean isLenient) {
        String text = JsonBytes.text(in);
        if (text.isBlank() && !isLenient) {
            return (Req) request;
        }
        JsonBytes.check(text);
        Message.Builder builder = request.newBuilderForType();
        try {
            (isLenient ? lenient : strict).merge(text, builder);
            return (Req) builder.build();
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            String place = ProtobufJsonPlace.of(request, text, isLenient ? lenient : strict);
            throw new BadJsonException(
                    place + ": " + e.getMessage() + " (expected: the JSON of "
                            + request.getDescriptorForType().getFullName() + ")",
                    place,
                    e);
        }
    }

    @Override
    void write(Res message, ByteBuf out) {
        print((Message) message, out);
    }

    @Override
    void writeResult(@Nullable Res result, ByteBuf out) {
        print(result == null ? reply : (Message) result, out);
    }

    private void print(Message message, ByteBuf out) {
        try {
            ByteBufUtil.writeUtf8(out, printer.print(message));
        } catch (InvalidProtocolBufferException e) {
            // The message has an Any whose type is in none of the service's files.
            throw new IllegalArgumentException(
                    message.getDescriptorForType().getFullName() + " as JSON: " + e.getMessage(), e);
        }
    }

    /** Null, because Protobuf declares no exceptions. */
    @Override
    @Nullable
    DeclaredError declared(Throwable failure) {
        return null;
    }
}
