package io.streamx.interop;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One command to a handler: a name and its arguments, decoded.
 *
 * @param arguments as written between colons, without percent encoding
 */
record Step(String name, List<String> arguments) {
    private static final String PLAIN = "-_.=";

    /** Whether a message is a script instead of something to echo. */
    static boolean isScript(String text) {
        return text.startsWith("!");
    }

    /** Reads {@code !name:argument:argument;name}. */
    static List<Step> parse(String script) {
        List<Step> steps = new ArrayList<>();
        for (String part : script.substring(1).split(";", -1)) {
            List<String> fields = new ArrayList<>();
            for (String field : part.split(":", -1)) {
                fields.add(decode(field));
            }
            steps.add(new Step(fields.get(0), List.copyOf(fields.subList(1, fields.size()))));
        }
        return steps;
    }

    /** The argument at an index, or an empty text when there are fewer. */
    String argument(int index) {
        return index < arguments.size() ? arguments.get(index) : "";
    }

    /** The argument at an index as a number; absent means 0. */
    int number(int index) {
        String text = argument(index);
        try {
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "step " + name + ": argument " + (index + 1) + " is '" + text + "' (expected: a number)", e);
        }
    }

    /** The argument at an index as {@code key=value,key=value}. */
    Map<String, String> entries(int index) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String pair : argument(index).split(",")) {
            if (pair.isEmpty()) {
                continue;
            }
            int split = pair.indexOf('=');
            if (split < 0) {
                throw new IllegalArgumentException("step " + name + ": entry '" + pair + "' (expected: key=value)");
            }
            entries.put(pair.substring(0, split), pair.substring(split + 1));
        }
        return entries;
    }

    /** A text that can stand as an argument. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", b & 0xff));
            }
        }
        return encoded.toString();
    }

    /** Undoes {@link #encode}. A plus sign stays one, which is why this is not a URLDecoder. */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && i + 2 < bytes.length) {
                decoded.write(Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16));
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
