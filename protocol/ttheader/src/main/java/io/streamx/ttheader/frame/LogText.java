package io.streamx.ttheader.frame;

/** Makes text from a peer fit for a log line: without line breaks and escape sequences, and of bounded length. */
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

    /** Whether {@code c} is one of the separators of Unicode at which some viewers break a line. */
    private static boolean isLineBreak(char c) {
        return c == 0x2028 || c == 0x2029;
    }
}
