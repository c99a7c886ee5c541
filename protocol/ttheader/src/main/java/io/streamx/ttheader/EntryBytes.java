package io.streamx.ttheader;

import java.util.Map;

/** How much memory the entries of a header take, about. */
public final class EntryBytes {
    private EntryBytes() {}

    /** The characters of all keys and values. */
    public static int of(Map<Integer, String> ints, Map<String, String> strings) {
        int bytes = 0;
        for (String value : ints.values()) {
            bytes += value.length();
        }
        for (Map.Entry<String, String> entry : strings.entrySet()) {
            bytes += entry.getKey().length() + entry.getValue().length();
        }
        return bytes;
    }
}
