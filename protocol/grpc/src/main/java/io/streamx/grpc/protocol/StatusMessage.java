package io.streamx.grpc.protocol;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Percent encoding of {@code grpc-message}. Source: docs/protocol/grpc.md "5. Responses". */
public final class StatusMessage {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    /** What Go and the rest of the world write for half a character pair. */
    private static final String REPLACEMENT = "\uFFFD";

    private StatusMessage() {}

    /** The header's value: printable ASCII but {@code %} as it is, every other byte of its UTF-8 as {@code %XX}. */
    public static CharSequence encode(String message) {
        int plain = 0;
        while (plain < message.length() && isPlain(message.charAt(plain))) {
            plain++;
        }
        if (plain == message.length()) {
            return message;
        }
        byte[] bytes = wellFormed(message).getBytes(StandardCharsets.UTF_8);
        int length = bytes.length;
        for (byte b : bytes) {
            length += isPlain(b) ? 0 : 2;
        }
        byte[] encoded = new byte[length];
        int at = 0;
        for (byte b : bytes) {
            if (isPlain(b)) {
                encoded[at++] = b;
            } else {
                encoded[at++] = '%';
                encoded[at++] = HEX[(b >> 4) & 0xF];
                encoded[at++] = HEX[b & 0xF];
            }
        }
        return new AsciiString(encoded, false);
    }

    /** What a value says. A {@code %} that two hexadecimal digits do not follow stands for itself. Never throws. */
    public static String decode(CharSequence value) {
        int first = 0;
        while (first < value.length() && isPlain(value.charAt(first))) {
            first++;
        }
        if (first == value.length()) {
            return value.toString();
        }
        byte[] bytes = new byte[value.length()];
        int length = 0;
        for (int i = 0; i < value.length(); i++) {
            int escaped = value.charAt(i) == '%' ? escaped(value, i) : -1;
            if (escaped < 0) {
                bytes[length++] = (byte) value.charAt(i);
            } else {
                bytes[length++] = (byte) escaped;
                i += 2;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** A value without its end, of at most so many characters and not cut within an escape. */
    static CharSequence cut(CharSequence encoded, int maxLength) {
        int length = Math.min(maxLength, encoded.length());
        for (int i = 1; i <= 2 && i <= length; i++) {
            if (encoded.charAt(length - i) == '%' && length < encoded.length()) {
                return encoded.subSequence(0, length - i);
            }
        }
        return encoded.subSequence(0, length);
    }

    private static int escaped(CharSequence value, int percent) {
        if (percent + 2 >= value.length()) {
            return -1;
        }
        int high = digit(value.charAt(percent + 1));
        int low = digit(value.charAt(percent + 2));
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1; // Character.digit knows the digits of many scripts
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c <= '~' && c != '%';
    }

    /** The text with U+FFFD for each surrogate that is alone; Java would write a question mark. */
    static String wellFormed(String message) {
        StringBuilder text = null;
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < message.length()
                    && Character.isLowSurrogate(message.charAt(i + 1))) {
                if (text != null) {
                    text.append(c).append(message.charAt(i + 1));
                }
                i++;
            } else if (Character.isSurrogate(c)) {
                if (text == null) {
                    text = new StringBuilder(message.length()).append(message, 0, i);
                }
                text.append(REPLACEMENT);
            } else if (text != null) {
                text.append(c);
            }
        }
        return text == null ? message : text.toString();
    }
}
