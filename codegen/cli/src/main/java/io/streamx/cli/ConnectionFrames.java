package io.streamx.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts the bytes of one connection into frames, whatever it speaks: its client's first bytes say what. For one thread. */
final class ConnectionFrames {
    /** How a client of HTTP/2 begins, and nobody else. */
    private static final byte[] HTTP2 = {'P', 'R', 'I', ' '};

    private final int connection;
    private final MessageTexts texts;
    private final Consumer<Frame> sink;
    private @Nullable ProtocolFrames protocol;

    ConnectionFrames(int connection, MessageTexts texts, Consumer<Frame> sink) {
        this.connection = connection;
        this.texts = texts;
        this.sink = sink;
    }

    /** What cuts the bytes of one protocol. */
    interface ProtocolFrames {
        /** Takes bytes of one direction. */
        void feed(boolean fromClient, byte[] bytes, long nanos);

        /** Tells what is left of a frame that did not come whole. */
        void end(long nanos);
    }

    /** Takes what was recorded next. */
    void event(Recording.Event event) {
        switch (event.kind()) {
            case CLIENT, SERVER -> bytes(event.kind() == Recording.Kind.CLIENT, event.bytes(), event.nanos());
            case OPEN -> note(event.nanos(), true, "connected", "");
            case CLIENT_END -> note(event.nanos(), true, "end", "the client sends nothing more");
            case SERVER_END -> note(event.nanos(), false, "end", "the server sends nothing more");
            case CLOSE -> {
                if (protocol != null) {
                    protocol.end(event.nanos());
                }
                note(event.nanos(), true, "closed", event.why());
            }
        }
    }

    private void bytes(boolean fromClient, byte[] bytes, long nanos) {
        if (protocol == null) {
            // A server that speaks first speaks HTTP/2 or nothing we know.
            boolean isHttp2 = !fromClient
                    || java.util.Arrays.mismatch(bytes, HTTP2) >= Math.min(bytes.length, HTTP2.length)
                    || java.util.Arrays.equals(bytes, HTTP2);
            protocol = isHttp2 ? new Http2Frames(connection, texts, sink) : new ThriftFrames(connection, texts, sink);
        }
        protocol.feed(fromClient, bytes, nanos);
    }

    private void note(long nanos, boolean fromClient, String kind, String text) {
        sink.accept(new Frame(connection, nanos, fromClient, "", kind, "", Map.of(), null, text, false));
    }

    /** The frames of a whole recording, in the order in which they were whole. */
    static void read(List<Recording.Event> events, MessageTexts texts, Consumer<Frame> sink) {
        Map<Integer, ConnectionFrames> connections = new java.util.HashMap<>();
        for (Recording.Event event : events) {
            connections
                    .computeIfAbsent(event.connection(), number -> new ConnectionFrames(number, texts, sink))
                    .event(event);
        }
    }
}
