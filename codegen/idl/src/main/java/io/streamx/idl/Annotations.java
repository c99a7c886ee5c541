package io.streamx.idl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of one element, unknown ones included.
 *
 * @param entries one per key, in the order first written
 */
public record Annotations(List<Annotation> entries) {
    /** No annotation. */
    public static final Annotations NONE = new Annotations(List.of());

    /** Copies the list. */
    public Annotations {
        entries = List.copyOf(entries);
    }

    /** The annotation of that key, or null. */
    public @Nullable Annotation find(String key) {
        for (Annotation entry : entries) {
            if (entry.key().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    /** The first value of that key, or null. */
    public @Nullable String value(String key) {
        Annotation entry = find(key);
        return entry == null ? null : entry.values().get(0);
    }
}
