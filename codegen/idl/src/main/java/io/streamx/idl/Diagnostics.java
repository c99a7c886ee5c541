package io.streamx.idl;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what a run finds, each finding once. */
final class Diagnostics {
    private static final int SHOWN_CHARACTERS = 40;
    private static final int CIRCLE_NAMES = 8;

    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private int errors;

    void error(SourcePosition position, String message) {
        if (found.add(new Diagnostic(Diagnostic.Severity.ERROR, position, message))) {
            errors++;
        }
    }

    void warn(SourcePosition position, String message) {
        found.add(new Diagnostic(Diagnostic.Severity.WARNING, position, message));
    }

    /** How many errors there are so far: a step that leaves it unchanged went well. */
    int errorCount() {
        return errors;
    }

    List<Diagnostic> sorted() {
        return found.stream()
                .sorted((left, right) -> left.position().compareTo(right.position()))
                .toList();
    }

    /** A circle of names as it may stand in a message: from the first around to the first, short. */
    static String circle(List<String> names) {
        List<String> path =
                names.size() <= CIRCLE_NAMES ? new ArrayList<>(names) : new ArrayList<>(names.subList(0, CIRCLE_NAMES));
        path.replaceAll(Diagnostics::shown);
        if (names.size() > CIRCLE_NAMES) {
            path.add("... (" + (names.size() - CIRCLE_NAMES) + " more)");
        }
        path.add(shown(names.get(0)));
        return String.join(" -> ", path);
    }

    /** Text of an IDL as it may stand in a message: short, on one line, nothing invisible. */
    static String shown(String text) {
        StringBuilder out = new StringBuilder();
        int end = text.codePointCount(0, Math.min(text.length(), 2 * SHOWN_CHARACTERS + 2)) > SHOWN_CHARACTERS
                ? text.offsetByCodePoints(0, SHOWN_CHARACTERS)
                : text.length();
        text.codePoints().limit(text.codePointCount(0, end)).forEach(c -> {
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return end < text.length() ? out.append("...").toString() : out.toString();
    }
}
