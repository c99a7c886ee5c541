package io.streamx.ttheader;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Metainfo as string entries of a TTHeader. Empty keys and values are neither sent nor accepted.
 *
 * @param persistents metainfo for the whole chain of calls
 * @param transients metainfo for this hop
 */
public record TTHeaderMetainfo(Map<String, String> persistents, Map<String, String> transients) {
    private static final String PERSISTENT = "RPC_PERSIST_";
    private static final String TRANSIENT = "RPC_TRANSIT_";
    private static final String UPSTREAM = "RPC_TRANSIT_UPSTREAM_";

    private static final String BACKWARD = "RPC_BACKWARD_";

    private static final TTHeaderMetainfo NONE = new TTHeaderMetainfo(Map.of(), Map.of());

    /**
     * The metainfo in the entries of a frame. A transient value that came from further up is a transient value for its
     * receiver as well.
     *
     * <p>Source: docs/protocol/metainfo.md "1. Stores" and "2. Names".
     */
    public static TTHeaderMetainfo of(@Nullable Map<String, String> entries) {
        if (entries == null || !isCarriedBy(entries)) {
            return NONE;
        }
        Map<String, String> persistents = new HashMap<>();
        Map<String, String> transients = new HashMap<>();
        Map<String, String> upstream = new HashMap<>();
        entries.forEach((name, value) -> {
            // The longest prefix is tried first, because one prefix begins with another.
            if (!putWithout(UPSTREAM, name, value, upstream) && !putWithout(TRANSIENT, name, value, transients)) {
                putWithout(PERSISTENT, name, value, persistents);
            }
        });
        upstream.forEach(transients::putIfAbsent);
        return new TTHeaderMetainfo(Map.copyOf(persistents), Map.copyOf(transients));
    }

    /**
     * The entries of a reply as callers see them: Volo (volo-thrift 0.12) puts a prefix before the keys of values that a
     * handler sends back, Kitex does not.
     */
    public static Map<String, String> withoutBackwardPrefix(Map<String, String> entries) {
        if (entries.keySet().stream().noneMatch(name -> name.startsWith(BACKWARD))) {
            return entries;
        }
        Map<String, String> result = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            if (!putWithout(BACKWARD, name, value, result)) {
                result.put(name, value);
            }
        });
        return result;
    }

    private static boolean isCarriedBy(Map<String, String> entries) {
        for (String name : entries.keySet()) {
            if (name.startsWith(TRANSIENT) || name.startsWith(PERSISTENT)) {
                return true;
            }
        }
        return false;
    }

    private static boolean putWithout(String prefix, String name, String value, Map<String, String> into) {
        if (!name.startsWith(prefix)) {
            return false;
        }
        String key = name.substring(prefix.length());
        if (!key.isEmpty() && !value.isEmpty()) {
            into.put(key, value);
        }
        return true;
    }

    /** Adds the entries to send to {@code entries}. */
    public static void addTo(
            Map<String, String> entries, Map<String, String> persistents, Map<String, String> transients) {
        transients.forEach((key, value) -> entries.put(TRANSIENT + key, value));
        persistents.forEach((key, value) -> entries.put(PERSISTENT + key, value));
    }

    /** The entries to send. */
    public static Map<String, String> entries(Map<String, String> persistents, Map<String, String> transients) {
        Map<String, String> entries = new LinkedHashMap<>();
        addTo(entries, persistents, transients);
        return entries;
    }
}
