package io.streamx.generic;

/**
 * How messages are written as JSON. What is read does not depend on it.
 *
 * @param longsAsStrings whether an i64 is a string, for readers such as browsers whose numbers are doubles and lose digits
 *     beyond 2^53; else a number
 * @param isIndented whether each member stands on a line of its own
 */
public record JsonOptions(boolean longsAsStrings, boolean isIndented) {
    /** Options under which an i64 is a number and a message is one line. */
    public static final JsonOptions DEFAULT = new JsonOptions(false, false);

    /** These options, but with strings or numbers for i64. */
    public JsonOptions withLongsAsStrings(boolean strings) {
        return new JsonOptions(strings, isIndented);
    }

    /** These options, but with a line for each member, or with the whole message on one line. */
    public JsonOptions withIndentation(boolean lines) {
        return new JsonOptions(longsAsStrings, lines);
    }
}
