package io.streamx.ttheader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamx.BizStatusException;
import io.streamx.RpcException;
import io.streamx.ttheader.frame.StringKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A business error as the string entries of a reply or of a stream's trailer.
 *
 * <p>Source: spec ttheader-streaming section 10; kitex pkg/transmeta/ttheader.go.
 */
public final class BizStatusEntries {
    private static final JsonFactory JSON = new JsonFactory();
    /** Enough of a malformed value to find it by, and no more than a log line bears. */
    private static final int SHOWN_CHARS = 128;

    private BizStatusEntries() {}

    /** Adds the entries that carry {@code error} to {@code entries}. */
    public static void add(BizStatusException error, Map<String, String> entries) {
        entries.put(StringKey.BIZ_STATUS, Integer.toString(error.code()));
        entries.put(StringKey.BIZ_MESSAGE, error.bizMessage());
        if (!error.extra().isEmpty()) {
            entries.put(StringKey.BIZ_EXTRA, json(error.extra()));
        }
    }

    /**
     * The business error that {@code entries} carry; null when they carry none, which is also what a code of 0 and one
     * that is no 32-bit number mean.
     *
     * @throws RpcException when the extra entries are not a JSON object of texts; the message names them
     */
    public static @Nullable BizStatusException find(Map<String, String> entries) {
        String status = entries.get(StringKey.BIZ_STATUS);
        if (status == null) {
            return null;
        }
        int code;
        try {
            code = Integer.parseInt(status);
        } catch (NumberFormatException e) {
            return null;
        }
        if (code == 0) {
            return null;
        }
        return new BizStatusException(
                code,
                entries.getOrDefault(StringKey.BIZ_MESSAGE, ""),
                extra(entries.getOrDefault(StringKey.BIZ_EXTRA, "")));
    }

    private static String json(Map<String, String> extra) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
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

    private static Map<String, String> extra(String json) {
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
