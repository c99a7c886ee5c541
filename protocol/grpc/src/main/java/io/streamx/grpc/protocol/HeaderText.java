package io.streamx.grpc.protocol;

import io.netty.util.AsciiString;
import io.streamx.BinaryValue;
import io.streamx.service.PayloadFormat;

/** Names and values of headers as texts and back: bytes on the wire, UTF-8 by custom, ASCII nearly always. */
final class HeaderText {
    /** Enough of a value to find it by, and no more than a log line bears. */
    private static final int SHOWN_CHARS = 128;

    private HeaderText() {}

    /** The text of a value that came. */
    static String text(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7F) {
                return BinaryValue.of(bytes(value));
            }
        }
        return value.toString();
    }

    /** The bytes of a value that came: Netty has one character for each. */
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

    /** A text without spaces at its ends: neither HTTP nor gRPC has a header value with them. */
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
     * The place of the first character that no header value beside messages of that format may hold; -1 when there is none.
     * gRPC has printable ASCII alone; with Thrift messages peers are Kitex and its kin, which write any text.
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

    /** Whether a name in lower case can be a header's: a token, as HTTP calls it. */
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
