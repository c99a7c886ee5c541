package io.streamx.grpc.protocol;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Percent encoding of {@code grpc-message}. Source: docs/protocol/grpc.md "5. Responses". */
public final class StatusMessage {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    /** What Go and others write for half of a surrogate pair. */
    private static final String REPLACEMENT = "\uFFFD";

    private StatusMessage() {}

    /**
     * The value of the header: printable ASCII but {@code %} stands as it is, and every other byte of the UTF-8 as
     * {@code %XX}. So do spaces at the ends, which no header value of HTTP may have.
     */
    public static CharSequence encode(String message) {
        int plain = 0;
        while (plain < message.length() && isPlain(message.charAt(plain))) {
            plain++;
        }
        if (plain == message.length() && HeaderText.stripped(message).length() == plain) {
            return message;
        }
        byte[] bytes = wellFormed(message).getBytes(StandardCharsets.UTF_8);
        int first = 0;
        int last = bytes.length;
        while (first < last && bytes[first] == ' ') {
            first++;
        }
        while (last > first && bytes[last - 1] == ' ') {
            last--;
        }
        byte[] encoded = new byte[3 * bytes.length];
        int at = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (isPlain(b) && i >= first && i < last) {
                encoded[at++] = b;
            } else {
                encoded[at++] = '%';
                encoded[at++] = HEX[(b >> 4) & 0xF];
                encoded[at++] = HEX[b & 0xF];
            }
        }
        return new AsciiString(encoded, 0, at, true);
    }

    /**
     * The message of a header value. A {@code %} that two hexadecimal digits do not follow stands for itself. This
     * never throws.
     */
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

    /**
     * The longest beginning of a message, whole characters and no space at its end, that takes at most {@code room} bytes of
     * a header list.
     *
     * @param morePer3Bytes what three bytes of the message's UTF-8 take elsewhere in the list
     */
    static String beginningOf(String message, long room, int morePer3Bytes) {
        // The room is counted in thirds of a byte. Base64 ends with up to two bytes more than its share.
        long left = 3 * room - (morePer3Bytes == 0 ? 0 : 6);
        String text = wellFormed(message);
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            int utf8 = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            // A space counts as escaped, because it may be the last character.
            left -= 3L * (isPlain(codePoint) && codePoint != ' ' ? 1 : 3 * utf8) + (long) morePer3Bytes * utf8;
            if (left < 0) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        if (end == text.length()) {
            return message;
        }
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
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
