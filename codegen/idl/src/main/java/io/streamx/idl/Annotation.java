package io.streamx.idl;

import java.util.List;

/**
 * One key of an annotation list, {@code (key = "value")}.
 *
 * @param key the key, which may hold dots
 * @param values at least one; a key written again adds its value here
 * @param position where the key first stands
 */
public record Annotation(String key, List<String> values, SourcePosition position) {
    /** Copies the list. */
    public Annotation {
        values = List.copyOf(values);
    }
}
