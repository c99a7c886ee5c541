package io.streamx.gateway;

import com.fasterxml.jackson.core.JsonGenerator;
import io.streamx.BizStatusException;
import io.streamx.Metadata;
import io.streamx.StatusDetail;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object of an error, and of the end of a stream: that of Connect, and beside its members those that Connect has no
 * name for. Source: connectrpc.com/docs/protocol "Error End-Stream" and "Unary-Response".
 */
final class ErrorJson {
    private ErrorJson() {}

    /** Writes one object. */
    private interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    private static String json(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonBytes.factory().createGenerator(text)) {
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter has nothing that could fail
        }
        return text.toString();
    }

    /** A string with its quotes. */
    static String text(String value) {
        return json(out -> out.writeString(value));
    }

    /** The object of an error alone. */
    static String of(CallError error) {
        return json(out -> write(out, error));
    }

    /**
     * The object that ends a stream.
     *
     * @param error null when it has ended well
     */
    static String end(@Nullable CallError error, Metadata trailer) {
        return json(out -> {
            out.writeStartObject();
            if (error != null) {
                out.writeFieldName("error");
                write(out, error);
            }
            if (!trailer.isEmpty()) {
                out.writeFieldName("metadata");
                write(out, trailer);
            }
            out.writeEndObject();
        });
    }

    /** Entries as an object of arrays. */
    static String metadata(Metadata entries) {
        return json(out -> write(out, entries));
    }

    private static void write(JsonGenerator out, Metadata entries) throws IOException {
        out.writeStartObject();
        for (String name : HttpEntries.names(entries)) {
            out.writeArrayFieldStart(name);
            for (String value : HttpEntries.values(entries, name)) {
                out.writeString(value);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, CallError error) throws IOException {
        out.writeStartObject();
        out.writeStringField("code", error.codeName());
        if (!error.message().isEmpty()) {
            out.writeStringField("message", error.message());
        }
        if (!error.details().isEmpty()) {
            out.writeArrayFieldStart("details");
            for (StatusDetail detail : error.details()) {
                out.writeStartObject();
                out.writeStringField("type", detail.typeName());
                byte[] bytes = new byte[detail.size()];
                detail.value().get(bytes);
                out.writeStringField(
                        "value", Base64.getEncoder().withoutPadding().encodeToString(bytes));
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        BizStatusException business = error.business();
        if (business != null) {
            out.writeObjectFieldStart("business");
            out.writeNumberField("code", business.code());
            out.writeStringField("message", business.bizMessage());
            out.writeObjectFieldStart("extra");
            for (Map.Entry<String, String> entry : business.extra().entrySet()) {
                out.writeStringField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
            out.writeEndObject();
        }
        JsonMethod.DeclaredError declared = error.declared();
        if (declared != null) {
            out.writeObjectFieldStart("exception");
            out.writeStringField("type", declared.type());
            out.writeFieldName("fields");
            out.writeRawValue(declared.fields());
            out.writeEndObject();
        }
        String place = error.place();
        if (place != null) {
            out.writeStringField("place", place);
        }
        out.writeEndObject();
    }
}
