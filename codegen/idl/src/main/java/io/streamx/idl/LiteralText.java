package io.streamx.idl;

import io.streamx.idl.Syntax.LiteralNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The value of a literal. Kitex' tool copies literals into Go, so backslashes mean what they mean there: {@code \xff} is
 * a byte, not a character.
 */
final class LiteralText {
    private static final String SIMPLE = "abfnrtv\\\"'";
    private static final String SIMPLE_VALUES = "\u0007\b\f\n\r\t\u000b\\\"'";

    private final LiteralNode node;
    private final Diagnostics diagnostics;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private LiteralText(LiteralNode node, Diagnostics diagnostics) {
        this.node = node;
        this.diagnostics = diagnostics;
    }

    /** The bytes, or null after an error. */
    static byte @Nullable [] bytes(LiteralNode node, Diagnostics diagnostics) {
        return new LiteralText(node, diagnostics).decode();
    }

    /** The text, or null after an error. */
    static @Nullable String text(LiteralNode node, Diagnostics diagnostics) {
        byte[] bytes = bytes(node, diagnostics);
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            diagnostics.error(
                    node.position(),
                    "string " + node.shown() + " is no UTF-8 (expected: whole characters; any bytes fit a binary)");
            return null;
        }
    }

    private byte @Nullable [] decode() {
        String raw = node.raw();
        int i = 0;
        while (i < raw.length()) {
            int backslash = raw.indexOf('\\', i);
            int end = backslash < 0 ? raw.length() : backslash;
            out.writeBytes(raw.substring(i, end).getBytes(StandardCharsets.UTF_8));
            i = end;
            if (backslash >= 0) {
                int length = escape(raw, backslash);
                if (length == 0) {
                    return null;
                }
                i += length;
            }
        }
        return out.toByteArray();
    }

    /** Appends what the escape means and gives its length; 0 after an error. */
    private int escape(String raw, int start) {
        char kind = start + 1 < raw.length() ? raw.charAt(start + 1) : 0;
        int simple = SIMPLE.indexOf(kind);
        if (simple >= 0) {
            out.write(SIMPLE_VALUES.charAt(simple));
            return 2;
        }
        return switch (kind) {
            case 'x' -> numeric(raw, start, start + 2, 2, 16);
            case 'u' -> numeric(raw, start, start + 2, 4, 16);
            case 'U' -> numeric(raw, start, start + 2, 8, 16);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> numeric(raw, start, start + 1, 3, 8);
            default -> unknown(raw, start, start + 2);
        };
    }

    private int numeric(String raw, int start, int digits, int count, int radix) {
        long value = 0;
        for (int i = digits; i < digits + count; i++) {
            int digit = i < raw.length() && raw.charAt(i) < 0x80 ? Character.digit(raw.charAt(i), radix) : -1;
            if (digit < 0) {
                return unknown(raw, start, Math.min(i + 1, raw.length()));
            }
            value = value * radix + digit;
        }
        if (count <= 3) {
            if (value > 0xff) {
                return unknown(raw, start, digits + count);
            }
            out.write((int) value);
        } else {
            if (value > Character.MAX_CODE_POINT
                    || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
                return unknown(raw, start, digits + count);
            }
            out.writeBytes(Character.toString((int) value).getBytes(StandardCharsets.UTF_8));
        }
        return digits + count - start;
    }

    private int unknown(String raw, int start, int end) {
        String escape = raw.substring(start, Math.min(end, raw.length()));
        diagnostics.error(
                node.position(),
                "unknown escape '" + Diagnostics.shown(escape) + "' in " + node.shown()
                        + " (expected: \\n, \\t, \\r, \\\\, \\\", \\x41, \\101, \\u0041 or another escape of Go)");
        return 0;
    }
}
