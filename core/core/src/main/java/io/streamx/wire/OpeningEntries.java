package io.streamx.wire;

import io.streamx.Metadata;
import io.streamx.middleware.OpeningHook;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a user's metadata and hooks add to the opening of a stream.
 *
 * @param ints TTHeader integer entries; other wires have no place for them
 * @param texts text entries
 */
public record OpeningEntries(Map<Integer, String> ints, Metadata texts) {
    /** No entries. */
    public static final OpeningEntries NONE = new OpeningEntries(Map.of(), Metadata.EMPTY);

    /** Collects entries. A builder is for one thread at a time. */
    public static final class Builder implements OpeningHook.Entries {
        private static final int TO_METHOD = 9;
        private static final int FRAME_TYPE = 27;

        private final Map<Integer, String> ints = new LinkedHashMap<>();
        private final Map<String, String> texts = new LinkedHashMap<>();

        private final Metadata metadata;

        /** A builder that begins with the metadata of the call. Hooks replace the entries whose names they put anew. */
        public Builder(Metadata metadata) {
            this.metadata = metadata;
        }

        @Override
        public void put(String key, String value) {
            texts.put(key, value);
        }

        @Override
        public void put(int key, String value) {
            if (key < 0 || key > 65_535 || key == TO_METHOD || key == FRAME_TYPE) {
                throw new IllegalArgumentException("integer entry " + key + " = '" + value
                        + "' (expected: a key of 0 to 65535, but for 9 and 27, which belong to the framework)");
            }
            ints.put(key, value);
        }

        /** The entries so far. */
        public OpeningEntries build() {
            return new OpeningEntries(Map.copyOf(ints), metadata.replacedBy(Metadata.of(texts)));
        }
    }
}
