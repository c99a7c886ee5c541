package io.streamx.ttheader;

import io.streamx.ttheader.frame.StringKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Metainfo as string entries of a TTHeader. Empty keys and values are neither sent nor accepted.
 *
 * @param persistents metainfo for the whole chain of calls
 * @param transients metainfo for this hop
 */
public record TTHeaderMetainfo(Map<String, String> persistents, Map<String, String> transients) {
    private static final String PERSISTENT = StringKey.PERSISTENT_PREFIX;
    private static final String TRANSIENT = StringKey.TRANSIENT_PREFIX;
    private static final String UPSTREAM = TRANSIENT + "UPSTREAM_";

    private static final String BACKWARD = "RPC_BACKWARD_";

    private static final TTHeaderMetainfo NONE = new TTHeaderMetainfo(Map.of(), Map.of());

    /**
     * The metainfo in the entries of a frame. A transient value that came from further up is a transient value for its
     * receiver as well.
     *
     * <p>Source: docs/protocol/metainfo.md "1. Stores" and "2. Names".
     */
    public static TTHeaderMetainfo of(@Nullable Map<String, String> entries) {
        if (entries == null || entries.isEmpty()) {
            return NONE;
        }
        Draft draft = new Draft();
        entries.forEach(draft);
        return draft.metainfo();
    }

    /** What has been read so far. Most calls have one value or none, which need no map that can grow. */
    private static final class Draft implements BiConsumer<String, String> {
        private Map<String, String> persistents = Map.of();
        private Map<String, String> transients = Map.of();
        private Map<String, String> upstream = Map.of();

        @Override
        public void accept(String name, String value) {
            // The longest prefix is tried first, because one prefix begins with another.
            if (name.startsWith(UPSTREAM)) {
                upstream = plus(upstream, name.substring(UPSTREAM.length()), value);
            } else if (name.startsWith(TRANSIENT)) {
                transients = plus(transients, name.substring(TRANSIENT.length()), value);
            } else if (name.startsWith(PERSISTENT)) {
                persistents = plus(persistents, name.substring(PERSISTENT.length()), value);
            }
        }

        private static Map<String, String> plus(Map<String, String> entries, String key, String value) {
            if (key.isEmpty() || value.isEmpty()) {
                return entries;
            }
            if (entries.isEmpty()) {
                return Map.of(key, value);
            }
            Map<String, String> growing = entries.size() == 1 ? new HashMap<>(entries) : entries;
            growing.put(key, value);
            return growing;
        }

        TTHeaderMetainfo metainfo() {
            for (Map.Entry<String, String> further : upstream.entrySet()) {
                if (!transients.containsKey(further.getKey())) {
                    transients = plus(transients, further.getKey(), further.getValue());
                }
            }
            return persistents.isEmpty() && transients.isEmpty()
                    ? NONE
                    : new TTHeaderMetainfo(Map.copyOf(persistents), Map.copyOf(transients));
        }
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
