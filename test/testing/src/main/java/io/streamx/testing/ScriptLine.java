package io.streamx.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A frame in words: its type, its stream, further words, and entries as {@code key=value}, with quotes around a value that has
 * blanks. {@code *} as the stream means any.
 *
 * @param stream {@link #ANY} for any
 */
record ScriptLine(String type, int stream, List<String> words, Map<String, String> entries) {
    static final int ANY = -1;

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException naming the line and what was expected
     */
    static ScriptLine parse(String line) {
        List<String> tokens = tokens(line);
        if (tokens.size() < 2) {
            throw bad(line, "a type and a stream, such as Header 1");
        }
        List<String> words = new ArrayList<>();
        Map<String, String> entries = new LinkedHashMap<>();
        for (String token : tokens.subList(2, tokens.size())) {
            int equals = token.indexOf('=', 1);
            if (equals < 0) {
                words.add(token);
            } else {
                entries.put(token.substring(0, equals), token.substring(equals + 1));
            }
        }
        return new ScriptLine(tokens.get(0), stream(line, tokens.get(1)), List.copyOf(words), entries);
    }

    private static int stream(String line, String text) {
        if (text.equals("*")) {
            return ANY;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw bad(line, "a number or * as the second word, which is the stream");
        }
    }

    private static List<String> tokens(String line) {
        List<String> tokens = new ArrayList<>();
        StringBuilder token = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                if (!token.isEmpty()) {
                    tokens.add(token.toString());
                    token.setLength(0);
                }
            } else {
                token.append(c);
            }
        }
        if (quoted) {
            throw bad(line, "each quote to be closed");
        }
        if (!token.isEmpty()) {
            tokens.add(token.toString());
        }
        return tokens;
    }

    static IllegalArgumentException bad(String line, String expected) {
        return new IllegalArgumentException("script line '" + line + "' (expected: " + expected + ")");
    }

    /** The number that the entry {@code key} holds; {@code fallback} where there is none. */
    int number(String key, int fallback) {
        String text = entries.get(key);
        return text == null ? fallback : Integer.decode(text);
    }

    /** Whether {@code actual} has all entries of this line. */
    boolean entriesAreIn(Map<String, String> actual) {
        return entries.entrySet().stream().allMatch(entry -> entry.getValue().equals(actual.get(entry.getKey())));
    }

    /** An entry as a frame shows it. */
    static String shown(String key, String value) {
        return key + "=" + (value.isEmpty() || value.indexOf(' ') >= 0 ? '"' + value + '"' : value);
    }
}
