package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.StreamingMode;
import io.streamx.generic.Form;
import io.streamx.generic.GenericException;
import io.streamx.service.MethodDescriptor;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON of a Thrift method, by way of the bytes that both the IDL and the handler's classes understand. So the handler may be
 * of generated classes or generic.
 */
final class ThriftJsonMethod<Req, Res> extends JsonMethod<Req, Res> {
    private static final int FIRST_BYTES = 256;
    /** How the errors of the generic layer begin or end: with a path, or with line and column. */
    private static final Pattern PLACE =
            Pattern.compile("^(?<path>request[^: ]*): .*|.* at (?<line>line \\d+, column \\d+).*", Pattern.DOTALL);

    private final MethodDescriptor<String, String> json;
    private final Form<String> form;

    ThriftJsonMethod(MethodDescriptor<Req, Res> method, MethodDescriptor<String, String> json, Form<String> form) {
        super(method);
        this.json = json;
        this.form = form;
    }

    @Override
    Req read(ByteBuf in, boolean isLenient) {
        String text = JsonBytes.text(in);
        ByteBuf bytes = buffer();
        try {
            json.requestCodec().encode(text.isBlank() ? "{}" : text, bytes);
            return method().requestCodec().decode(bytes);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new BadJsonException(message, place(message), e);
        } finally {
            bytes.release();
        }
    }

    private static @Nullable String place(String message) {
        Matcher found = PLACE.matcher(message);
        if (!found.matches()) {
            return null;
        }
        String path = found.group("path");
        return path != null ? path : found.group("line");
    }

    @Override
    void write(Res message, ByteBuf out) {
        translate(
                bytes -> method().responseCodec().encode(message, bytes),
                bytes -> json.responseCodec().decode(bytes),
                out);
    }

    @Override
    void writeResult(@Nullable Res result, ByteBuf out) {
        if (method().isOneway()) {
            ByteBufUtil.writeUtf8(out, "null");
            return;
        }
        translate(
                bytes -> method().resultCodec().encodeResult(result, bytes),
                bytes -> json.resultCodec().decode(bytes),
                out);
    }

    /** Reads as JSON what was written in binary. */
    private interface Reader {
        @Nullable
        String read(ByteBuf bytes);
    }

    private static void translate(Consumer<ByteBuf> binary, Reader reader, ByteBuf out) {
        ByteBuf bytes = buffer();
        try {
            binary.accept(bytes);
            String text = reader.read(bytes);
            ByteBufUtil.writeUtf8(out, text == null ? "null" : text);
        } finally {
            bytes.release();
        }
    }

    @Override
    @Nullable
    DeclaredError declared(Throwable failure) {
        if (method().isOneway() || method().mode() != StreamingMode.UNARY) {
            return null;
        }
        ByteBuf bytes = buffer();
        try {
            if (!method().resultCodec().encodeException(failure, bytes)) {
                return null;
            }
            String unexpected = json.resultCodec().decode(bytes);
            throw new IllegalStateException("an exception that reads as the result " + unexpected);
        } catch (GenericException declared) {
            String fields = form.message(declared.fields());
            return new DeclaredError(declared.type(), fields == null ? "{}" : fields);
        } finally {
            bytes.release();
        }
    }

    private static ByteBuf buffer() {
        return Unpooled.buffer(FIRST_BYTES);
    }
}
