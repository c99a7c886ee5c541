package io.streamx.ttheader.frame;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line per frame, for people who watch a connection. Entries are shown shortened and escaped. Of an ACL token and
 * of credentials ({@code authorization}) the line shows only that there are some.
 *
 * <pre>
 * &lt;&lt; stream 1 Header Echo {isn="TestService"} payload 0 bytes
 * &gt;&gt; stream 1 Data Echo payload 13 bytes
 * &lt;&lt; message 7 PingPong {22="1"} payload 37 bytes
 * </pre>
 */
public final class FrameLog {
    private static final String AUTHORIZATION = "authorization";

    private FrameLog() {}

    /** The line of a frame received, as {@code frame} has just read it. */
    public static String in(TTHeaderReader frame) {
        return line("<< ", frame);
    }

    /** The line of a frame to send, read back from the bytes written. */
    public static String out(TTHeaderReader frame) {
        return line(">> ", frame);
    }

    private static String line(String direction, TTHeaderReader frame) {
        StringBuilder line = new StringBuilder(128).append(direction);
        if ((frame.flags() & TTHeader.Flags.STREAMING) != 0) {
            FrameType type = FrameType.of(frame.frameType());
            line.append("stream ").append(frame.seqId()).append(' ').append(type == null ? "untyped" : type);
        } else {
            line.append("message ").append(frame.seqId());
        }
        String method = frame.method();
        if (method != null) {
            line.append(' ').append(LogText.of(method));
        }
        appendEntries(line, frame);
        return line.append(" payload ")
                .append(frame.payloadLength())
                .append(" bytes")
                .toString();
    }

    private static void appendEntries(StringBuilder line, TTHeaderReader frame) {
        String separator = " {";
        Map<Integer, String> ints = frame.intEntries();
        if (ints != null) {
            for (Map.Entry<Integer, String> entry : ints.entrySet()) {
                int key = entry.getKey();
                boolean shownAlready = key == IntKey.TO_METHOD
                        || (key == IntKey.FRAME_TYPE && FrameType.of(frame.frameType()) != null);
                if (!shownAlready) {
                    append(line.append(separator).append(key), entry.getValue());
                    separator = ", ";
                }
            }
        }
        Map<String, String> strings = frame.stringEntries();
        if (strings != null) {
            for (Map.Entry<String, String> entry : strings.entrySet()) {
                boolean secret = isSecret(entry.getKey());
                append(line.append(separator).append(LogText.of(entry.getKey())), secret ? null : entry.getValue());
                separator = ", ";
            }
        }
        if (!separator.equals(" {")) {
            line.append('}');
        }
    }

    /** An ACL token, and credentials of the caller however its metainfo or its gRPC-like entries name them. */
    private static boolean isSecret(String key) {
        return key.equals(StringKey.ACL_TOKEN)
                || key.regionMatches(
                        true, key.length() - AUTHORIZATION.length(), AUTHORIZATION, 0, AUTHORIZATION.length());
    }

    private static void append(StringBuilder line, @Nullable String value) {
        if (value == null) {
            line.append("=(hidden)");
        } else {
            line.append("=\"").append(LogText.of(value)).append('"');
        }
    }
}
