package io.streamx.recording;

import java.util.List;
import java.util.Set;

/**
 * A call that was played: what the end under test sent beside what it sent when the call was recorded. Immutable. Only frames
 * that tell the peer something about the call are compared, in their order and by what they say: not when they came, nor how they
 * were cut into packets, nor flow control.
 */
public final class PlayedCall {
    private final String name;
    private final String method;
    private final List<RecordedFrame> script;
    private final List<RecordedFrame> recorded;
    private final List<RecordedFrame> played;

    /**
     * Makes one.
     *
     * @param script what the recording has of both ends; empty for a call that is not in it
     * @param ofClient whether the client is under test, and not the server
     */
    PlayedCall(String name, String method, List<RecordedFrame> script, List<RecordedFrame> played, boolean ofClient) {
        this.name = name;
        this.method = method;
        this.script = List.copyOf(script);
        recorded = this.script.stream()
                .filter(frame -> frame.fromClient() == ofClient)
                .toList();
        this.played = List.copyOf(played);
    }

    /** The connection and the stream or call of the recording, such as {@code #1 stream 3}. */
    public String name() {
        return name;
    }

    /** {@code Service/Method} where the wire names the service, else the method; empty where the recording does not say. */
    public String method() {
        return method;
    }

    /** What the end under test sent in the recording. */
    public List<RecordedFrame> recorded() {
        return recorded;
    }

    /** What it has sent now. */
    public List<RecordedFrame> played() {
        return played;
    }

    /** Whether what was played is what was recorded. */
    public boolean isSame(Set<String> ignored) {
        return firstDifference(ignored) < 0;
    }

    /**
     * Which frame is the first that differs, from 0 on; negative where none does.
     *
     * @param ignored the names of entries that may differ
     */
    public int firstDifference(Set<String> ignored) {
        for (int i = 0; i < Math.max(recorded.size(), played.size()); i++) {
            if (i >= recorded.size()
                    || i >= played.size()
                    || !recorded.get(i).text(ignored).equals(played.get(i).text(ignored))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The call frame by frame, with {@code -} before what was recorded and did not come, and {@code +} before what came in its
     * place.
     *
     * @param ignored the names of entries that may differ
     */
    public String text(Set<String> ignored) {
        StringBuilder text = new StringBuilder(name).append(' ').append(method);
        if (script.isEmpty()) {
            text.append(", which is not in the recording");
        } else if (played.isEmpty() && !recorded.isEmpty()) {
            text.append(", of which nothing came");
        }
        int next = 0;
        for (RecordedFrame frame : script) {
            String said = frame.text(ignored);
            if (recorded.isEmpty() || frame.fromClient() != recorded.get(0).fromClient()) {
                line(text, "  ", frame, said);
                continue;
            }
            RecordedFrame now = next < played.size() ? played.get(next) : null;
            next++;
            if (now == null) {
                line(text, "- ", frame, said);
            } else if (now.text(ignored).equals(said)) {
                line(text, "  ", frame, said);
            } else {
                line(text, "- ", frame, said);
                line(text, "+ ", now, now.text(ignored));
            }
        }
        for (RecordedFrame more : played.subList(Math.min(next, played.size()), played.size())) {
            line(text, "+ ", more, more.text(ignored));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String mark, RecordedFrame frame, String said) {
        text.append("\n  ")
                .append(mark)
                .append(frame.fromClient() ? "-> " : "<- ")
                .append(said);
    }

    /** What was recorded and played, without what is ignored of it. */
    @Override
    public String toString() {
        return text(Set.of());
    }
}
