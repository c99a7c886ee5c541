package io.streamx.grpc.protocol;

import io.netty.util.AsciiString;
import io.streamx.BinaryValue;
import io.streamx.service.PayloadFormat;

/**
 * Makes texts of the names and values of headers, and back. They are bytes on the wire, which are UTF-8 by custom and
 * ASCII nearly always.
 */
final class HeaderText {
    /** How many characters of a value are shown: enough to find the value by, and no more than a log line bears. */
    private static final int SHOWN_CHARS = 128;

    private HeaderText() {}

    /** The text of a received value. */
    static String text(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7F) {
                return BinaryValue.of(bytes(value));
            }
        }
        return value.toString();
    }

    /** The bytes of a received value, for each of which Netty has one character. */
    static byte[] bytes(CharSequence value) {
        byte[] bytes = new byte[value.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) value.charAt(i);
        }
        return bytes;
    }

    /** A value to send. */
    static CharSequence value(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return new AsciiString(BinaryValue.bytes(text), false);
            }
        }
        return text;
    }

    /** A text without the spaces at its ends, which neither HTTP nor gRPC allows in a header value. */
    static String stripped(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == ' ') {
            to--;
        }
        return text.substring(from, to);
    }

    /**
     * The place of the first character that a header value beside messages of {@code format} may not hold; -1 when
     * there is none. gRPC allows printable ASCII alone. Peers that speak Thrift are Kitex and its kin, which write any
     * text.
     */
    static int illegalInValue(String text, PayloadFormat format) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean legal = (c >= ' ' && c <= '~') || (format == PayloadFormat.THRIFT && (c == '\t' || c > 0x7F));
            if (!legal) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a name in lower case can be that of a header, which is a token, as HTTP calls it. */
    static boolean isName(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.!#$%&'*+^`|~".indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A value, which may be anything, for a log line: cut to a bearable length, and with control characters replaced.
     */
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
