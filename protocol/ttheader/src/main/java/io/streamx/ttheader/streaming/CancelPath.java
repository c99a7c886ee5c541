package io.streamx.ttheader.streaming;

import io.streamx.ttheader.frame.StringKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that a cancel has passed through, in the form in which they travel: separated by commas, the originator
 * first.
 */
final class CancelPath {
    /** What stands for the enclosing calls when they were not TTHeader streams. */
    static final String FOREIGN = "non-ttstream path";

    private CancelPath() {}

    /** The path in the entries of a reset; empty when there is none. */
    static List<String> of(@Nullable Map<String, String> entries) {
        String path = entries == null ? null : entries.get(StringKey.CANCEL_PATH);
        return path == null || path.isEmpty() ? List.of() : List.of(path.split(",", -1));
    }

    /** The entries of a reset whose path ends with this service; no entries when there is no name at all. */
    static Map<String, String> entries(List<String> path, String ownName) {
        List<String> names = new ArrayList<>(path);
        if (!ownName.isEmpty()) {
            names.add(ownName);
        }
        return names.isEmpty() ? Map.of() : Map.of(StringKey.CANCEL_PATH, String.join(",", names));
    }
}
