package io.streamx;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as the text value of an entry. Entries are texts, but gRPC metadata whose name ends in {@code -bin} holds bytes of
 * any kind, and Kitex' entries may too: such a value is the bytes read as UTF-8, with each byte that is no UTF-8 as one
 * of the characters U+DC80 to U+DCFF. No byte is lost, and text is text.
 *
 * <pre>{@code
 * stream.setTrailer(Map.of("signature-bin", BinaryValue.of(signature)));
 * byte[] signature = BinaryValue.bytes(stream.trailer().get("signature-bin"));
 * }</pre>
 */
public final class BinaryValue {
    /**
     * The first of the low surrogates that stand for bytes that are no UTF-8. No text has a low surrogate without a
     * high one before it.
     */
    private static final char ESCAPE = '\uDC00';

    private BinaryValue() {}

    /** The text that stands for bytes. */
    public static String of(byte[] bytes) {
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        // A byte is at most one character.
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = result.length(); i > 0; i--) {
                out.put((char) (ESCAPE | (in.get() & 0xFF)));
            }
            decoder.reset();
        }
    }

    /** The bytes that a text stands for: those given to {@link #of}, or the UTF-8 of any other text. */
    public static byte[] bytes(String value) {
        int escapes = 0;
        for (int i = 0; i < value.length(); i++) {
            if (isEscape(value, i)) {
                escapes++;
            }
        }
        if (escapes == 0) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer out = ByteBuffer.allocate(3 * value.length());
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            if (isEscape(value, i)) {
                out.put(value.substring(plain, i).getBytes(StandardCharsets.UTF_8));
                out.put((byte) value.charAt(i));
                plain = i + 1;
            }
        }
        out.put(value.substring(plain).getBytes(StandardCharsets.UTF_8));
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEscape(String value, int at) {
        char c = value.charAt(at);
        return c >= ESCAPE + 0x80
                && c <= ESCAPE + 0xFF
                && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }
}
