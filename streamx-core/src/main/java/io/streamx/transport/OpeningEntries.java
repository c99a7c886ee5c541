package io.streamx.transport;

import io.streamx.middleware.OpeningHook;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the user's hooks add to the opening of a stream.
 *
 * @param ints TTHeader integer entries; other wires have no place for them
 * @param texts text entries
 */
public record OpeningEntries(Map<Integer, String> ints, Map<String, String> texts) {
    /** Nothing. */
    public static final OpeningEntries NONE = new OpeningEntries(Map.of(), Map.of());

    /** Collects entries; not safe for threads. */
    public static final class Builder implements OpeningHook.Entries {
        private final Map<Integer, String> ints = new LinkedHashMap<>();
        private final Map<String, String> texts = new LinkedHashMap<>();

        /** Nothing yet. */
        public Builder() {}

        @Override
        public void put(String key, String value) {
            texts.put(key, value);
        }

        @Override
        public void put(int key, String value) {
            ints.put(key, value);
        }

        /** What was put so far. */
        public OpeningEntries build() {
            return new OpeningEntries(Map.copyOf(ints), Map.copyOf(texts));
        }
    }
}
