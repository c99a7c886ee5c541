package io.streamx.cli;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.StreamingMode;
import io.streamx.protobuf.ProtobufCodec;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import org.jspecify.annotations.Nullable;

/** How methods travel that are known from their proto files alone, with JSON for messages. */
final class ProtoMethods {
    private ProtoMethods() {}

    static MethodDescriptor<String, String> descriptor(
            com.google.protobuf.Descriptors.MethodDescriptor method, TypeRegistry types, boolean pretty) {
        Json request = new Json(method.getInputType(), types, pretty, "request");
        Json reply = new Json(method.getOutputType(), types, pretty, "reply");
        String service = method.getService().getName();
        StreamingMode mode = mode(method);
        MethodDescriptor<String, String> descriptor = mode == StreamingMode.UNARY
                ? MethodDescriptor.unary(service, method.getName(), request, reply)
                : MethodDescriptor.streaming(service, method.getName(), mode, request, reply);
        return descriptor
                .withFormat(PayloadFormat.PROTOBUF)
                .withGrpcPackage(method.getFile().getPackage());
    }

    private static StreamingMode mode(com.google.protobuf.Descriptors.MethodDescriptor method) {
        if (method.isClientStreaming()) {
            return method.isServerStreaming() ? StreamingMode.BIDIRECTIONAL : StreamingMode.CLIENT;
        }
        return method.isServerStreaming() ? StreamingMode.SERVER : StreamingMode.UNARY;
    }

    /** Messages of one type in the JSON of Protobuf. Safe from any number of threads. */
    private static final class Json implements MessageCodec<String>, ResultCodec<String> {
        private final Descriptor type;
        private final String what;
        private final ProtobufCodec<DynamicMessage> bytes;
        private final JsonFormat.Parser parser;
        private final JsonFormat.Printer printer;

        Json(Descriptor type, TypeRegistry types, boolean pretty, String what) {
            this.type = type;
            this.what = what;
            bytes = ProtobufCodec.of(DynamicMessage.getDefaultInstance(type));
            parser = JsonFormat.parser().usingTypeRegistry(types);
            JsonFormat.Printer indented = JsonFormat.printer().usingTypeRegistry(types);
            printer = pretty ? indented : indented.omittingInsignificantWhitespace();
        }

        @Override
        public void encode(String message, ByteBuf out) {
            DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
            try {
                parser.merge(message, builder);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException(
                        what + ": " + e.getMessage() + " (expected: the fields of " + type.getFullName() + ")", e);
            }
            bytes.encode(builder.buildPartial(), out);
        }

        @Override
        public String decode(ByteBuf in) {
            DynamicMessage message = bytes.decode(in);
            try {
                return printer.print(message);
            } catch (InvalidProtocolBufferException e) {
                throw new ApplicationException(
                        ApplicationException.PROTOCOL_ERROR,
                        what + ": has a google.protobuf.Any that is not in the schema: " + e.getMessage(),
                        e);
            }
        }

        @Override
        public void encodeResult(@Nullable String result, ByteBuf out) {
            if (result != null) {
                encode(result, out);
            }
        }

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            return false;
        }
    }
}
