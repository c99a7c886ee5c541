package io.streamx.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Texts of JSON as they lie in a body, looked at before anybody builds anything of them. */
final class JsonBytes {
    /** As deep as protobuf-java lets messages nest; Thrift structs are bounded by their own reader. */
    private static final int MAX_NESTING = 100;
    /** A number of more digits is no honest value of any field; reading it costs time that grows with their square. */
    private static final int MAX_NUMBER_CHARS = 400;
    /** An honest double has an exponent of at most three digits. */
    private static final int MAX_EXPONENT_CHARS = 5;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Jackson keeps 16 KB of buffers for each thread otherwise, and each handler has a thread of its own.
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonBytes() {}

    static JsonFactory factory() {
        return FACTORY;
    }

    /**
     * Takes all of {@code in} as a text in UTF-8.
     *
     * @throws BadJsonException when it is no UTF-8
     */
    static String text(ByteBuf in) {
        ByteBuffer bytes = in.nioBuffer();
        in.skipBytes(in.readableBytes());
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new BadJsonException("bytes that are no UTF-8 (expected: JSON in UTF-8)", null, e);
        }
    }

    /**
     * The text of the only member of an object, which is called {@code message}.
     *
     * @throws BadJsonException when the text is no such object
     */
    static String message(String text) {
        check(text);
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT
                    && parser.nextToken() == JsonToken.FIELD_NAME
                    && parser.currentName().equals("message")) {
                JsonToken value = parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                if (value.isStructStart()) {
                    parser.skipChildren();
                } else {
                    parser.finishToken();
                }
                int to = (int) parser.currentLocation().getCharOffset();
                if (parser.nextToken() == JsonToken.END_OBJECT) {
                    return text.substring(from, to);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text that has been checked has nothing that could fail
        }
        throw new BadJsonException(
                "the text " + shown(text) + " (expected: {\"message\":...} or {\"end\":{}})", null, null);
    }

    /**
     * Checks that a text is one JSON value, no deeper and with no larger numbers than any message has.
     *
     * @throws BadJsonException saying where it is not
     */
    static void check(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new BadJsonException("an empty text (expected: a JSON value)", null, null);
            }
            int depth = 0;
            do {
                JsonToken token = parser.currentToken();
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token.isNumeric()) {
                    checkNumber(parser);
                }
            } while (depth > 0 && next(parser));
            if (parser.nextToken() != null) {
                throw bad("something behind the value (expected: one JSON value)", parser);
            }
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? "the start"
                    : "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new BadJsonException(e.getOriginalMessage() + " at " + place, place, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean next(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            throw bad("the text ends within a value", parser);
        }
        return true;
    }

    private static void checkNumber(JsonParser parser) throws IOException {
        String number = parser.getText();
        int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (number.length() > MAX_NUMBER_CHARS || (exponent >= 0 && number.length() - exponent > MAX_EXPONENT_CHARS)) {
            throw bad("the number " + shown(number) + " (expected: one that some type can hold)", parser);
        }
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    private static BadJsonException bad(String what, JsonParser parser) {
        String place = "line " + parser.currentTokenLocation().getLineNr() + ", column "
                + parser.currentTokenLocation().getColumnNr();
        return new BadJsonException(what + " at " + place, place, null);
    }
}
