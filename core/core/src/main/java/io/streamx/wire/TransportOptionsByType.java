package io.streamx.wire;

import io.streamx.TransportOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What the user set for single transports: at most one object of each class. A wire module finds its own by the class and
 * leaves the others alone. Immutable.
 */
public final class TransportOptionsByType {
    /** Nothing was set for any transport. */
    public static final TransportOptionsByType NONE = new TransportOptionsByType(Map.of());

    private final Map<Class<? extends TransportOptions>, TransportOptions> byType;

    private TransportOptionsByType(Map<Class<? extends TransportOptions>, TransportOptions> byType) {
        this.byType = byType;
    }

    /** These options with {@code options}, which take the place of an object of their own class. */
    public TransportOptionsByType with(TransportOptions options) {
        Map<Class<? extends TransportOptions>, TransportOptions> all = new HashMap<>(byType);
        all.put(Objects.requireNonNull(options, "options").getClass(), options);
        return new TransportOptionsByType(Map.copyOf(all));
    }

    /** The options of class {@code type} that the user set, or {@code whenNotSet}. */
    public <T extends TransportOptions> T get(Class<T> type, T whenNotSet) {
        TransportOptions found = byType.get(type);
        return found == null ? whenNotSet : type.cast(found);
    }
}
