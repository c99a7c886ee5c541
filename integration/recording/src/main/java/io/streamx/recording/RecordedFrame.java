package io.streamx.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A frame of a recording, or a message of gRPC, as people read it. Immutable. */
public final class RecordedFrame {
    private static final String BUSINESS_EXTRA = "biz-extra";
    private static final JsonFactory FACTORY = new JsonFactory();

    private final int connection;
    private final long nanos;
    private final boolean fromClient;
    private final String call;
    private final String kind;
    private final String method;
    private final Map<String, String> entries;
    private final @Nullable String message;
    private final String note;
    private final boolean isAnswer;
    private final FrameBytes content;

    /** Sorts the entries: their order means nothing, and differs from run to run. */
    RecordedFrame(
            int connection,
            long nanos,
            boolean fromClient,
            String call,
            String kind,
            String method,
            Map<String, String> entries,
            @Nullable String message,
            String note,
            boolean isAnswer,
            FrameBytes content) {
        this.connection = connection;
        this.nanos = nanos;
        this.fromClient = fromClient;
        this.call = call;
        this.kind = kind;
        this.method = method;
        Map<String, String> sorted = new TreeMap<>(entries);
        sorted.computeIfPresent(BUSINESS_EXTRA, (name, json) -> sorted(json));
        this.entries = Collections.unmodifiableMap(sorted);
        this.message = message;
        this.note = note;
        this.isAnswer = isAnswer;
        this.content = content;
    }

    /** Something that is told of a connection and is no frame that could be sent again. */
    static RecordedFrame note(int connection, long nanos, boolean fromClient, String kind, String text) {
        return new RecordedFrame(
                connection, nanos, fromClient, "", kind, "", Map.of(), null, text, false, FrameBytes.NONE);
    }

    /** The members of a JSON object of texts in the order of their names, which Kitex writes in any order. */
    private static String sorted(String json) {
        Map<String, String> members = new TreeMap<>();
        StringWriter text = new StringWriter();
        try (JsonParser parser = FACTORY.createParser(json);
                JsonGenerator out = FACTORY.createGenerator(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                members.put(name, parser.nextTextValue());
            }
            out.writeStartObject();
            for (Map.Entry<String, String> member : members.entrySet()) {
                out.writeStringField(member.getKey(), member.getValue());
            }
            out.writeEndObject();
        } catch (IOException e) {
            return json;
        }
        return text.toString();
    }

    /** The number of its connection in the recording, from 1 on. */
    public int connection() {
        return connection;
    }

    /** When its last byte came, in nanoseconds since the recording began. */
    public long nanos() {
        return nanos;
    }

    /** Whether the client sent it, and not the server. */
    public boolean fromClient() {
        return fromClient;
    }

    /** The stream or call it belongs to, such as {@code stream 3}; empty for one of the whole connection. */
    public String call() {
        return call;
    }

    /** Its type, as its protocol calls it. */
    public String kind() {
        return kind;
    }

    /** {@code Service/Method} where it is known, the method alone where the wire does not name the service; else empty. */
    public String method() {
        return method;
    }

    /** What its header says, in the order of the names. */
    public Map<String, String> entries() {
        return entries;
    }

    /** What it carries, in words; null for nothing. */
    public @Nullable String message() {
        return message;
    }

    /** What else there is to be said; no part of what a peer has answered. May be empty. */
    public String note() {
        return note;
    }

    /** Whether it tells the peer something about the call, and not about the connection or its flow control. */
    public boolean isAnswer() {
        return isAnswer;
    }

    FrameBytes content() {
        return content;
    }

    /**
     * What it says, without place and time, on one line: of two peers that behave alike these are equal.
     *
     * @param ignored the names of entries that are left out
     */
    public String text(Set<String> ignored) {
        return FrameTexts.printable(kind + said(ignored));
    }

    private String said(Set<String> ignored) {
        return entries.entrySet().stream()
                        .filter(entry -> !ignored.contains(entry.getKey()))
                        .map(entry -> " " + entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining())
                + (message == null ? "" : " " + message);
    }

    /** Connection, direction, call and what it says, on one line. */
    @Override
    public String toString() {
        return FrameTexts.printable("#" + connection + (fromClient ? " -> " : " <- ")
                + (call.isEmpty() ? "" : call + "  ")
                + kind
                + (method.isEmpty() ? "" : " " + method)
                + said(Set.of())
                + (note.isEmpty() ? "" : "  [" + note + "]"));
    }
}
