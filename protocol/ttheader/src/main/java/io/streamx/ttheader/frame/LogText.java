package io.streamx.ttheader.frame;

/** Text from a peer made fit for a log line: no line breaks, no escape sequences, no end. */
final class LogText {
    private static final int MAX_CHARS = 128;

    private LogText() {}

    static String of(String text) {
        int shown = Math.min(text.length(), MAX_CHARS);
        StringBuilder line = new StringBuilder(shown + 16);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || isLineBreak(c)) {
                line.append("\\u%04x".formatted((int) c));
            } else if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else {
                line.append(c);
            }
        }
        if (shown < text.length()) {
            line.append("...(").append(text.length()).append(" characters)");
        }
        return line.toString();
    }

    /** The separators of Unicode that some viewers break a line at. */
    private static boolean isLineBreak(char c) {
        return c == 0x2028 || c == 0x2029;
    }
}
