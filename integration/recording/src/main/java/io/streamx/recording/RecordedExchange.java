package io.streamx.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A call of a recording: what both ends sent, in the order in which it was whole. */
final class RecordedExchange {
    private final String name;
    private final String method;
    private final List<RecordedFrame> frames = new ArrayList<>();
    private boolean ended;
    private boolean lost;

    private RecordedExchange(RecordedFrame first) {
        name = "#" + first.connection() + " " + first.call();
        method = first.method();
    }

    /** The connection and the stream or call. */
    String name() {
        return name;
    }

    String method() {
        return method;
    }

    List<RecordedFrame> frames() {
        return frames;
    }

    /** Whether the connection ended before the call did. */
    boolean isLost() {
        return lost;
    }

    /** The calls of all connections, in the order in which they began. Those that began before the recording are left out. */
    static List<RecordedExchange> of(List<Recording.Event> events, FrameTexts texts) {
        List<RecordedExchange> calls = new ArrayList<>();
        Map<String, RecordedExchange> running = new HashMap<>();
        var reader = ConnectionFrames.reader(texts, frame -> {
            String name = frame.connection() + " " + frame.call();
            if (begins(frame)) {
                RecordedExchange call = new RecordedExchange(frame);
                calls.add(call);
                running.put(name, call);
            }
            RecordedExchange call = running.get(name);
            if (call != null) {
                call.frames.addAll(parts(frame));
                call.ended |= ends(frame);
            }
        });
        for (Recording.Event event : events) {
            reader.accept(event);
            if (event.kind() == Recording.Kind.CLOSE) {
                String connection = event.connection() + " ";
                running.forEach((name, call) -> call.lost |= name.startsWith(connection) && !call.ended);
            }
        }
        return calls;
    }

    /** Whether a frame is the first of a call. */
    static boolean begins(RecordedFrame frame) {
        return frame.fromClient()
                && switch (frame.kind()) {
                    case "Header", "Headers", "Call", "Oneway" -> true;
                    default -> false;
                };
    }

    private static boolean ends(RecordedFrame frame) {
        return switch (frame.kind()) {
            case "Trailer", "Trailers", "Reply", "Exception" -> !frame.fromClient();
            case "Rst", "RST_STREAM", "Oneway" -> true;
            default -> false;
        };
    }

    /**
     * What a frame tells of its call: what it says, and for a client of gRPC that nothing more comes, whichever frame it is
     * that says so. Empty for frames of the connection or its flow control.
     */
    static List<RecordedFrame> parts(RecordedFrame frame) {
        List<RecordedFrame> parts = new ArrayList<>();
        if (frame.call().isEmpty()) {
            return parts;
        }
        if (frame.isAnswer()) {
            parts.add(frame);
        }
        if (frame.fromClient() && frame.content().isEnd()) {
            parts.add(new RecordedFrame(
                    frame.connection(),
                    frame.nanos(),
                    true,
                    frame.call(),
                    "End",
                    frame.method(),
                    Map.of(),
                    null,
                    "",
                    true,
                    FrameBytes.NONE));
        }
        return parts;
    }
}
