package io.streamx.generic.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.UninitializedMessageException;
import com.google.protobuf.util.JsonFormat;
import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.protobuf.ProtobufCodec;
import io.streamx.service.MessageCodec;
import io.streamx.service.ResultCodec;
import org.jspecify.annotations.Nullable;

/** Messages of one type in the JSON of Protobuf. Safe from any number of threads. */
final class JsonCodec implements MessageCodec<String>, ResultCodec<String> {
    private final Descriptor type;
    private final String what;
    private final ProtobufCodec<DynamicMessage> bytes;
    private final JsonFormat.Parser parser;
    private final JsonFormat.Printer printer;

    /**
     * The JSON of a type.
     *
     * @param types what a {@code google.protobuf.Any} may hold
     * @param what how errors call the message
     */
    JsonCodec(Descriptor type, TypeRegistry types, boolean isIndented, String what) {
        this.type = type;
        this.what = what;
        bytes = ProtobufCodec.of(DynamicMessage.getDefaultInstance(type));
        parser = JsonFormat.parser().usingTypeRegistry(types);
        JsonFormat.Printer indented = JsonFormat.printer().usingTypeRegistry(types);
        printer = isIndented ? indented : indented.omittingInsignificantWhitespace();
    }

    @Override
    public void encode(String message, ByteBuf out) {
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
        try {
            parser.merge(message, builder);
            bytes.encode(builder.build(), out);
        } catch (InvalidProtocolBufferException | UninitializedMessageException e) {
            throw new IllegalArgumentException(
                    what + ": " + e.getMessage() + " (expected: the fields of " + type.getFullName() + ")", e);
        }
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
        } catch (IllegalArgumentException e) {
            // A Timestamp, Duration or FieldMask may have values that its JSON cannot have.
            throw new ApplicationException(
                    ApplicationException.PROTOCOL_ERROR,
                    what + ": " + type.getFullName() + " has no JSON: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void encodeResult(@Nullable String result, ByteBuf out) {
        if (result != null) {
            encode(result, out);
        }
    }

    /** False, because Protobuf declares no exceptions. */
    @Override
    public boolean encodeException(Throwable failure, ByteBuf out) {
        return false;
    }
}
