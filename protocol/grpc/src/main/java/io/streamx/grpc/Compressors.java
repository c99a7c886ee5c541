package io.streamx.grpc;

import io.streamx.Compressor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The compressors that a client or server knows: gzip, those on the class path, and its own. Immutable. */
public final class Compressors {
    /** The name of no compression. */
    public static final String IDENTITY = "identity";

    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");

    /** The compressors on the class path, which are looked for once, when they are first needed. */
    private static final class OnClassPath {
        static final List<Compressor> ALL = load();

        private static List<Compressor> load() {
            List<Compressor> found = new ArrayList<>();
            ServiceLoader.load(Compressor.class, Compressors.class.getClassLoader())
                    .forEach(found::add);
            return List.copyOf(found);
        }
    }

    private final Map<String, Compressor> byName = new LinkedHashMap<>();
    private final List<String> names;

    /**
     * Gzip, those on the class path and {@code own}; of several with one name the last counts.
     *
     * @throws IllegalArgumentException when a name cannot stand in a header
     */
    Compressors(List<Compressor> own) {
        add(new GzipCompressor());
        OnClassPath.ALL.forEach(this::add);
        own.forEach(this::add);
        List<String> all = new ArrayList<>();
        all.add(IDENTITY);
        all.addAll(byName.keySet());
        names = List.copyOf(all);
    }

    private void add(Compressor compressor) {
        byName.put(checkedName(compressor), compressor);
    }

    /** The name of a compressor, checked. */
    static String checkedName(Compressor compressor) {
        String name = compressor.name();
        if (!NAME.matcher(name).matches() || name.equals(IDENTITY)) {
            throw new IllegalArgumentException(
                    "name of the compressor " + compressor.getClass().getName() + ": '" + name
                            + "' (expected: lower-case letters, digits, '-', '_' and '.'; not identity)");
        }
        return name;
    }

    /** The compressor named {@code name}; null when there is none. */
    public @Nullable Compressor find(String name) {
        return byName.get(name);
    }

    /**
     * The compressor named {@code name}; null for "identity".
     *
     * @throws IllegalArgumentException when there is none of that name, naming those that there are
     */
    public @Nullable Compressor choose(String name) {
        Compressor compressor = find(name);
        if (compressor == null && !name.equals(IDENTITY)) {
            throw new IllegalArgumentException(
                    "compression: '" + name + "' (expected: one of " + String.join(", ", names) + ")");
        }
        return compressor;
    }

    /** All names, the one for no compression first: a peer that knows no other needs that name to answer at all. */
    public List<String> names() {
        return names;
    }
}
