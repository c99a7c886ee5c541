package io.streamx.grpc.protocol;

/** Values of headers in error messages. */
final class HeaderText {
    /** Enough of a value to find it by, and no more than a log line bears. */
    private static final int SHOWN_CHARS = 128;

    private HeaderText() {}

    /** A value that may be anything: cut to what a log line bears, control characters replaced. */
    static String shown(CharSequence value) {
        int length = Math.min(value.length(), SHOWN_CHARS);
        StringBuilder text = new StringBuilder(length + 3);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            text.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.append(length < value.length() ? "..." : "").toString();
    }
}
