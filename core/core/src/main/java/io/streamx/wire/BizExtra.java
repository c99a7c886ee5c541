package io.streamx.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamx.RpcException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The extra entries of a business error as every wire carries them: a JSON object of texts.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "10. Handler results", docs/protocol/grpc.md "8. Statuses"; kitex
 * pkg/transmeta/ttheader.go.
 */
public final class BizExtra {
    private static final JsonFactory JSON = new JsonFactory();
    /**
     * How many characters of a malformed value a message shows: enough to find the value by, and no more than a log
     * line bears.
     */
    private static final int SHOWN_CHARS = 128;

    private BizExtra() {}

    /** The text to send. */
    public static String write(Map<String, String> extra) {
        return write(extra, false);
    }

    /** The text to send where only printable ASCII has a place: all other characters are escaped. */
    public static String writeAscii(Map<String, String> extra) {
        return write(extra, true);
    }

    private static String write(Map<String, String> extra, boolean ascii) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            if (ascii) {
                out.setHighestNonEscapedChar('~');
            }
            out.writeStartObject();
            for (Map.Entry<String, String> entry : extra.entrySet()) {
                out.writeStringField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter has nothing that could fail
        }
        return text.toString();
    }

    /**
     * The entries that a text holds; none when the text is empty or {@code null}.
     *
     * @throws RpcException when the text is not a JSON object of texts, naming it
     */
    public static Map<String, String> read(String json) {
        if (json.isEmpty()) {
            return Map.of();
        }
        try (JsonParser in = JSON.createParser(json)) {
            Map<String, String> extra = read(in, json);
            if (in.nextToken() != null) {
                throw malformed(json, null);
            }
            return extra;
        } catch (IOException e) {
            throw malformed(json, e);
        }
    }

    private static Map<String, String> read(JsonParser in, String json) throws IOException {
        JsonToken first = in.nextToken();
        if (first == JsonToken.VALUE_NULL) {
            return Map.of();
        }
        if (first != JsonToken.START_OBJECT) {
            throw malformed(json, null);
        }
        Map<String, String> extra = new LinkedHashMap<>();
        for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
            switch (in.nextToken()) {
                case VALUE_STRING -> extra.put(key, in.getText());
                case VALUE_NULL -> extra.put(key, ""); // as Go reads it into a string
                default -> throw malformed(json, null);
            }
        }
        return extra;
    }

    private static RpcException malformed(String json, @Nullable IOException cause) {
        String shown = json.length() <= SHOWN_CHARS ? json : json.substring(0, SHOWN_CHARS) + "...";
        return new RpcException(
                "malformed header info, extra: '" + shown + "' (expected: a JSON object whose values are texts)",
                cause);
    }
}
