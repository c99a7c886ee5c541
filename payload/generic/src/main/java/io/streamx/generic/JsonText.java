package io.streamx.generic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.streamx.thrift.Binary;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON texts as Java values and back, strictly: one value, no name twice in an object, numbers exact. */
final class JsonText {
    /** Containers may nest deeper than structs, which {@link Canonical} bounds. */
    private static final int MAX_NESTING = 256;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Jackson keeps 16 KB of buffers for each thread otherwise, and each handler has a thread of its own.
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonText() {}

    /**
     * Reads one value: objects are maps, numbers {@link Integer}, {@link Long}, {@link java.math.BigInteger} or {@link
     * java.math.BigDecimal}.
     *
     * @throws IllegalArgumentException when the text is not one JSON value, naming line and column
     */
    static @Nullable Object parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("JSON: empty text (expected: a value)");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("JSON: " + parser.currentToken() + " behind the value at "
                        + where(
                                parser.currentTokenLocation().getLineNr(),
                                parser.currentTokenLocation().getColumnNr()) + " (expected: the end of the text)");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "JSON: " + e.getOriginalMessage() + " at "
                            + (e.getLocation() == null
                                    ? "its start"
                                    : where(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr())),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String where(int line, int column) {
        return "line " + line + ", column " + column;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return elements;
    }

    /** Writes a message: bytes in base64, and what JSON has no number for as text. */
    static String write(@Nullable Object value, JsonOptions options) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            if (options.isIndented()) {
                out.useDefaultPrettyPrinter();
            }
            write(value, options, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonOptions options, JsonGenerator out) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Boolean bool -> out.writeBoolean(bool);
            case Long i64 -> {
                if (options.longsAsStrings()) {
                    out.writeString(i64.toString());
                } else {
                    out.writeNumber(i64);
                }
            }
            case Double real -> {
                if (Double.isFinite(real)) {
                    out.writeNumber(real);
                } else {
                    out.writeString(real.toString());
                }
            }
            case Number integer -> out.writeNumber(integer.intValue());
            case Binary bytes -> out.writeString(base64(bytes));
            case Map<?, ?> map -> writeMap(map, options, out);
            case Collection<?> elements -> {
                out.writeStartArray();
                for (Object element : elements) {
                    write(element, options, out);
                }
                out.writeEndArray();
            }
            default -> out.writeString(value.toString());
        }
    }

    /** Maps whose keys are no texts or numbers have no object in JSON that means them: they are lists of pairs. */
    private static void writeMap(Map<?, ?> map, JsonOptions options, JsonGenerator out) throws IOException {
        if (hasContainerKeys(map.keySet())) {
            out.writeStartArray();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeStartArray();
                write(entry.getKey(), options, out);
                write(entry.getValue(), options, out);
                out.writeEndArray();
            }
            out.writeEndArray();
            return;
        }
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object key = entry.getKey();
            out.writeFieldName(key instanceof Binary bytes ? base64(bytes) : key.toString());
            write(entry.getValue(), options, out);
        }
        out.writeEndObject();
    }

    private static boolean hasContainerKeys(Set<?> keys) {
        return !keys.isEmpty()
                && (keys.iterator().next() instanceof Map || keys.iterator().next() instanceof Collection);
    }

    private static String base64(Binary bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
