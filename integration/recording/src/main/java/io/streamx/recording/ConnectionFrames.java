package io.streamx.recording;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts the bytes of one connection into frames, whatever it speaks: its client's first bytes say what. For one thread. */
public final class ConnectionFrames {
    /** How a record of TLS begins that opens a connection, but for a lower part of the version. */
    private static final byte[] TLS = {0x16, 3};
    /** The first bytes of every client of HTTP/2, and of no other client. */
    private static final byte[] HTTP2 = {'P', 'R', 'I', ' '};

    private final int connection;
    private final FrameTexts texts;
    private final Consumer<RecordedFrame> sink;
    private @Nullable ProtocolFrames protocol;
    private boolean isTls;

    ConnectionFrames(int connection, FrameTexts texts, Consumer<RecordedFrame> sink) {
        this.connection = connection;
        this.texts = texts;
        this.sink = sink;
    }

    /** What cuts the bytes of one protocol. */
    interface ProtocolFrames {
        /** Takes bytes of one direction. */
        void feed(boolean fromClient, byte[] bytes, long nanos);

        /**
         * Learns that bytes of one direction were not seen, after those that were: what follows may begin anywhere.
         *
         * @return what comes of it, in words; may be empty
         */
        String missing(boolean fromClient);

        /** Tells what is left of a frame that did not come whole. */
        void end(long nanos);
    }

    /** Takes what was recorded next. */
    void event(Recording.Event event) {
        switch (event.kind()) {
            case CLIENT, SERVER -> {
                boolean fromClient = event.kind() == Recording.Kind.CLIENT;
                if (event.why().isEmpty()) {
                    bytes(fromClient, event.bytes(), event.nanos());
                } else {
                    missing(fromClient, event.why(), event.nanos());
                }
            }
            case OPEN -> note(event.nanos(), true, "connected", event.why());
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
        if (isTls) {
            return;
        }
        if (protocol == null) {
            if (startsWith(bytes, TLS)) {
                isTls = true;
                note(nanos, fromClient, "TLS", "encrypted: what the frames are is known to the two ends alone");
                return;
            }
            protocol = isHttp2(fromClient, bytes)
                    ? new Http2Frames(connection, texts, sink)
                    : new ThriftFrames(connection, texts, sink);
        }
        protocol.feed(fromClient, bytes, nanos);
    }

    /**
     * Whether {@code bytes}, the first that were seen of a connection, are HTTP/2. Where a server's bytes come first, it speaks
     * HTTP/2, or the client's bytes before them were not captured.
     */
    private static boolean isHttp2(boolean fromClient, byte[] bytes) {
        return fromClient
                ? Arrays.mismatch(bytes, HTTP2) >= Math.min(bytes.length, HTTP2.length) || Arrays.equals(bytes, HTTP2)
                : !ThriftFrames.mayBegin(bytes);
    }

    private static boolean startsWith(byte[] bytes, byte[] first) {
        return bytes.length > first.length && Arrays.mismatch(bytes, first) == first.length;
    }

    private void missing(boolean fromClient, String why, long nanos) {
        if (!isTls) {
            String so = protocol == null ? "" : protocol.missing(fromClient);
            note(nanos, fromClient, "missing", so.isEmpty() ? why : why + "; " + so);
        }
    }

    private void note(long nanos, boolean fromClient, String kind, String text) {
        sink.accept(RecordedFrame.note(connection, nanos, fromClient, kind, text));
    }

    /** The frames of a whole recording, in the order in which they were whole. */
    static void read(List<Recording.Event> events, FrameTexts texts, Consumer<RecordedFrame> sink) {
        events.forEach(reader(texts, sink));
    }

    /** Takes the events of many connections, in order, and forgets each connection when it is closed. */
    public static Consumer<Recording.Event> reader(FrameTexts texts, Consumer<RecordedFrame> sink) {
        Map<Integer, ConnectionFrames> connections = new HashMap<>();
        return event -> {
            connections
                    .computeIfAbsent(event.connection(), number -> new ConnectionFrames(number, texts, sink))
                    .event(event);
            if (event.kind() == Recording.Kind.CLOSE) {
                connections.remove(event.connection());
            }
        };
    }
}
