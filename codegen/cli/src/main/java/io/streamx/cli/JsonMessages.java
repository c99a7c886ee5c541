package io.streamx.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharConversionException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * JSON values that follow one another: NDJSON, and any other layout, since a value knows where it ends. Each is handed out as
 * soon as it is whole, while the writer of a pipe goes on. For one thread.
 */
final class JsonMessages implements Closeable {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(256)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final String source;
    private final JsonParser parser;
    private final boolean ownsSource;
    private int count;
    private String place = "";

    private JsonMessages(String source, Reader reader, boolean ownsSource) throws IOException {
        this.source = source;
        this.ownsSource = ownsSource;
        // A parser of bytes would wait for four of them before the first value, to find out the encoding.
        parser = FACTORY.createParser(reader);
    }

    /** The values of a text that {@code source} names in errors. */
    static JsonMessages of(String source, String text) throws IOException {
        return new JsonMessages(source, new StringReader(text), true);
    }

    /** The values of a file in UTF-8, which is closed with this. */
    static JsonMessages ofFile(Path file) throws IOException {
        return new JsonMessages(file.toString(), utf8(Files.newInputStream(file)), true);
    }

    /** The values of the standard input, which stays open: to close a stream is to wait for whoever reads from it. */
    static JsonMessages ofStandardInput(InputStream in) throws IOException {
        return new JsonMessages("standard input", utf8(in), false);
    }

    private static Reader utf8(InputStream in) {
        return new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    }

    /**
     * Waits for the next value.
     *
     * @return the value on one line, null at the end
     * @throws BadInputException when what comes is no JSON in UTF-8
     * @throws IOException when it cannot be read
     */
    @Nullable
    String next() throws IOException {
        try {
            if (parser.nextToken() == null) {
                return null;
            }
            count++;
            place = where(parser.currentTokenLocation());
            StringWriter text = new StringWriter();
            try (JsonGenerator copy = FACTORY.createGenerator(text)) {
                copy.copyCurrentStructureExact(parser);
            }
            return text.toString();
        } catch (JsonProcessingException e) {
            throw new BadInputException(source + where(e.getLocation()) + ": " + e.getOriginalMessage(), e);
        } catch (CharacterCodingException | CharConversionException e) {
            throw new BadInputException(source + ": bytes that are no UTF-8 (expected: JSON in UTF-8)", e);
        }
    }

    /** How many values were handed out. */
    int count() {
        return count;
    }

    /** Names the last value, for errors about it. */
    String last() {
        return source + ", message " + count + place;
    }

    private static String where(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    @Override
    public void close() throws IOException {
        if (ownsSource) {
            parser.close();
        }
    }
}
