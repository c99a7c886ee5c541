package io.streamx.generic;

import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a message, for errors: {@code request.users[3].name}.
 *
 * @param outer the place of what the value stands in, or null for the message itself
 * @param step how to get from there to the value
 * @param isKey whether the value is the key of a map, which JSON can only have as text
 * @param depth how many values stand around this one
 */
record Place(@Nullable Place outer, String step, boolean isKey, int depth) {
    private static final int SHOWN_CHARACTERS = 60;

    /** A whole message, as the error should call it. */
    static Place of(String message) {
        return new Place(null, message, false, 0);
    }

    /** A field, or the value of a map's entry. */
    Place member(String name) {
        return new Place(this, "." + name, false, depth + 1);
    }

    /** An element of a list or set. */
    Place element(int index) {
        return new Place(this, "[" + index + "]", false, depth + 1);
    }

    /** The key of a map's entry. */
    Place key(@Nullable Object key) {
        return new Place(this, ".key(" + shown(key) + ")", true, depth + 1);
    }

    /** The error for a value that is not what was expected here. */
    IllegalArgumentException wrong(@Nullable Object value, String expected) {
        return new IllegalArgumentException(this + ": " + shown(value) + " (expected: " + expected + ")");
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof String string ? '"' + string + '"' : String.valueOf(value);
        String cut = text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
        return value == null || value instanceof Comparable<?> || value instanceof Boolean
                ? cut
                : value.getClass().getSimpleName() + " " + cut;
    }

    @Override
    public String toString() {
        StringBuilder path = new StringBuilder();
        append(path);
        return path.toString();
    }

    private void append(StringBuilder path) {
        if (outer != null) {
            outer.append(path);
        }
        path.append(step);
    }
}
