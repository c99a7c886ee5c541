package io.streamx.ttheader.streaming;

import io.streamx.Metadata;
import java.util.LinkedHashMap;
import java.util.Map;

/** Metadata as the entries of a frame, which have one value for each name. */
final class OneValueEach {
    private OneValueEach() {}

    /**
     * The entries of a frame.
     *
     * @throws IllegalArgumentException naming an entry that has several values
     */
    static Map<String, String> of(Metadata metadata) {
        Map<String, String> entries = new LinkedHashMap<>();
        metadata.forEach((name, value) -> {
            if (entries.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException(
                        "entry '" + name + "': " + metadata.values(name).size()
                                + " values (expected: one, since a frame of TTHeader has one value for each name; gRPC"
                                + " takes several)");
            }
        });
        return entries;
    }
}
