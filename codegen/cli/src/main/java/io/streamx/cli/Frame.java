package io.streamx.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a recording, or a message of gRPC, as people read it.
 *
 * @param connection its number in the recording
 * @param nanos when its last byte came, since the recording began
 * @param fromClient which end sent it
 * @param call the stream or call it belongs to, such as {@code stream 3}; empty for one of the whole connection
 * @param kind its type
 * @param method {@code Service/Method} where it is known; else empty
 * @param entries what its header says, by name
 * @param message what it carries, as JSON or in words; null for nothing
 * @param note what else is to be said; not part of what a peer has answered
 * @param isAnswer whether it tells the peer something about the call, and not about the connection or its flow control
 */
record Frame(
        int connection,
        long nanos,
        boolean fromClient,
        String call,
        String kind,
        String method,
        Map<String, String> entries,
        @Nullable String message,
        String note,
        boolean isAnswer) {
    private static final String BUSINESS_EXTRA = "biz-extra";
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Sorts the entries: their order means nothing, and differs from run to run. */
    Frame {
        entries = new TreeMap<>(entries);
        entries.computeIfPresent(BUSINESS_EXTRA, (name, json) -> sorted(json));
    }

    /** The members of a JSON object of texts in the order of their names, which Kitex writes in any order. */
    private static String sorted(String json) {
        Map<String, String> members = new TreeMap<>();
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                members.put(name, parser.nextTextValue());
            }
        } catch (IOException e) {
            return json;
        }
        return JsonLine.of(out -> {
            for (Map.Entry<String, String> member : members.entrySet()) {
                out.writeStringField(member.getKey(), member.getValue());
            }
        });
    }

    /** What it says, without place and time: of two servers that behave alike these are equal. */
    String content() {
        return kind
                + entries.entrySet().stream()
                        .map(entry -> " " + entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining())
                + (message == null ? "" : " " + message);
    }
}
