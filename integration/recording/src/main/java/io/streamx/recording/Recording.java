package io.streamx.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file with the bytes of connections, in both directions with their times; docs/cli.md has its format. */
public final class Recording {
    private static final int VERSION = 1;
    private static final JsonFactory FACTORY = new JsonFactory();

    private Recording() {}

    /** What happened. */
    public enum Kind {
        /** A client has connected. */
        OPEN,
        /** Bytes of the client. */
        CLIENT,
        /** Bytes of the server. */
        SERVER,
        /** The client sends nothing more. */
        CLIENT_END,
        /** The server sends nothing more. */
        SERVER_END,
        /** The connection is gone, with a word why where it did not end well. */
        CLOSE;

        private String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        private static @Nullable Kind of(String label) {
            for (Kind kind : values()) {
                if (kind.label().equals(label)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** One event. */
    public static final class Event {
        private final long nanos;
        private final int connection;
        private final Kind kind;
        private final byte[] bytes;
        private final String why;

        /** Keeps {@code bytes}, which nobody changes from now on. */
        public Event(long nanos, int connection, Kind kind, byte[] bytes, String why) {
            this.nanos = nanos;
            this.connection = connection;
            this.kind = kind;
            this.bytes = bytes;
            this.why = why;
        }

        /** When it happened, since the recording began. */
        public long nanos() {
            return nanos;
        }

        /** The connection, counted from 1. */
        public int connection() {
            return connection;
        }

        /** What happened. */
        public Kind kind() {
            return kind;
        }

        /** Those of {@code CLIENT} and {@code SERVER}; of others none. Not to be changed. */
        public byte[] bytes() {
            return bytes;
        }

        /** Why the connection was closed; else empty. */
        public String why() {
            return why;
        }
    }

    /**
     * Reads a file whole, but for a last line that ends early: its writer did not come to its end.
     *
     * @throws IllegalArgumentException when it is no recording, or cannot be read; the message names the file and the line
     */
    public static List<Event> read(Path file) {
        List<Event> events = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            if (line == null) {
                throw new IllegalArgumentException(file + ": empty (expected: what streamx record has written)");
            }
            checkHead(file, line);
            line = lines.readLine();
            for (int number = 2; line != null; number++) {
                String next = lines.readLine();
                try {
                    if (!line.isBlank()) {
                        events.add(event(file + ":" + number, line));
                    }
                } catch (IllegalArgumentException e) {
                    if (next != null || !endsEarly(e.getCause())) {
                        throw e;
                    }
                }
                line = next;
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": no such file (expected: what streamx record has written)", e);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(file + ": no text (expected: what streamx record has written)", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + e, e);
        }
        return events;
    }

    /** Jackson has an exception of its own for most texts that end early, and tells of the others by this message alone. */
    private static boolean endsEarly(@Nullable Throwable cause) {
        return cause instanceof JsonEOFException
                || (cause instanceof JsonProcessingException json
                        && json.getOriginalMessage().startsWith("Unexpected end-of-input"));
    }

    private static void checkHead(Path file, String line) {
        Fields fields = Fields.of(file + ":1", line);
        if (fields.version != VERSION) {
            throw new IllegalArgumentException(
                    file + ":1: " + (line.length() > 80 ? line.substring(0, 80) + "..." : line)
                            + " (expected: {\"streamx-recording\":" + VERSION + ",...}, as streamx record writes it)");
        }
    }

    private static Event event(String place, String line) {
        Fields fields = Fields.of(place, line);
        Kind kind = Kind.of(fields.event);
        if (kind == null || fields.connection < 1 || fields.nanos < 0) {
            throw new IllegalArgumentException(
                    place + ": event \"" + fields.event + "\" of connection " + fields.connection
                            + " at " + fields.nanos
                            + " (expected: open, client, server, client-end, server-end or close, a connection from 1 on, and a"
                            + " time from 0 on)");
        }
        try {
            return new Event(
                    fields.nanos, fields.connection, kind, Base64.getDecoder().decode(fields.bytes), fields.why);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": bytes: " + e.getMessage() + " (expected: base64)", e);
        }
    }

    /** The members of one line. */
    private static final class Fields {
        private int version = -1;
        private long nanos = -1;
        private int connection;
        private String event = "";
        private String bytes = "";
        private String why = "";

        static Fields of(String place, String line) {
            Fields fields = new Fields();
            try (JsonParser parser = FACTORY.createParser(line)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new IllegalArgumentException(place + ": no JSON object (expected: one on each line)");
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    switch (name) {
                        case "streamx-recording" -> fields.version = parser.getIntValue();
                        case "nanos" -> fields.nanos = parser.getLongValue();
                        case "connection" -> fields.connection = parser.getIntValue();
                        case "event" -> fields.event = parser.getText();
                        case "bytes" -> fields.bytes = parser.getText();
                        case "why" -> fields.why = parser.getText();
                        default -> parser.skipChildren();
                    }
                }
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        place + ": " + e.getOriginalMessage() + " (expected: a JSON object on each line)", e);
            } catch (IOException e) {
                throw new IllegalArgumentException(place + ": cannot be read: " + e, e);
            }
            return fields;
        }
    }

    /** Writes a file while it happens. The operating system has each event when its method returns. Safe from any thread. */
    public static final class Output implements Closeable {
        private final Writer out;
        private final long began = System.nanoTime();

        /**
         * Begins a file, in the place of one that is there.
         *
         * @param server what the file says it is a recording of, such as its address
         * @throws IOException when it cannot be written
         */
        public Output(Path file, String server) throws IOException {
            out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
            line(json -> {
                json.writeNumberField("streamx-recording", VERSION);
                json.writeStringField("began", Instant.now().toString());
                json.writeStringField("server", server);
            });
        }

        /** Writes what one end has sent; the array stays the caller's. */
        void bytes(int connection, Kind kind, byte[] from, int length) throws IOException {
            event(connection, kind, json -> {
                json.writeFieldName("bytes");
                json.writeBinary(from, 0, length);
            });
        }

        void event(int connection, Kind kind, String why) throws IOException {
            event(connection, kind, json -> {
                if (!why.isEmpty()) {
                    json.writeStringField("why", why);
                }
            });
        }

        private void event(int connection, Kind kind, Members more) throws IOException {
            line(json -> {
                json.writeNumberField("nanos", System.nanoTime() - began);
                json.writeNumberField("connection", connection);
                json.writeStringField("event", kind.label());
                more.write(json);
            });
        }

        private synchronized void line(Members members) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = FACTORY.createGenerator(text)) {
                json.writeStartObject();
                members.write(json);
                json.writeEndObject();
            }
            out.write(text.append('\n').toString());
            out.flush();
        }

        @Override
        public synchronized void close() throws IOException {
            out.close();
        }
    }

    /** What writes the members of an object. */
    @FunctionalInterface
    private interface Members {
        void write(JsonGenerator out) throws IOException;
    }
}
