package io.streamx.opentelemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.streamx.Metadata;
import io.streamx.service.CallOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What propagators write for one call: mostly a single field, the trace, which costs no map. Fields without a value are left out,
 * because metainfo has none. One thread.
 */
final class Carried {
    private static final String TRACEPARENT = "traceparent";
    /** Version, trace, span and flags, with a dash between them: the form of version 00. */
    private static final int TRACEPARENT_LENGTH = 55;

    private static final int FLAGS_LENGTH = 2;

    private static final TextMapSetter<Carried> SETTER = (carried, key, value) -> {
        if (carried != null && !value.isEmpty()) {
            carried.put(key, value);
        }
    };

    private @Nullable String key;
    private String value = "";
    /** All fields, once there are two. */
    private @Nullable Map<String, String> fields;

    private Carried() {}

    static Carried of(Tracing tracing, Context context) {
        Carried carried = new Carried();
        tracing.propagator().inject(context, carried, SETTER);
        return carried;
    }

    private void put(String newKey, String newValue) {
        if (key == null || (fields == null && key.equals(newKey))) {
            key = newKey;
            value = newValue;
            return;
        }
        if (fields == null) {
            fields = new LinkedHashMap<>();
            fields.put(key, value);
        }
        fields.put(newKey, newValue);
    }

    /** The fields as OpenTelemetry means them. */
    Map<String, String> bare() {
        if (fields != null) {
            return fields;
        }
        return key == null ? Map.of() : Map.of(key, value);
    }

    /** The options of a call with these fields, and with {@code announced}, as transient metainfo, and {@code bare} ones as well. */
    CallOptions addedTo(CallOptions options, boolean withBare, Map<String, String> announced) {
        Map<String, String> bare = bare();
        CallOptions added = options.withTransients(asKitexReadsThem(bare, announced));
        return withBare && !bare.isEmpty() ? added.withMetadata(Metadata.of(bare)) : added;
    }

    private static Map<String, String> asKitexReadsThem(Map<String, String> bare, Map<String, String> announced) {
        String traceparent = bare.get(TRACEPARENT);
        if (announced.isEmpty() && bare.size() == 1 && traceparent != null) {
            return Map.of(TRACEPARENT, asKitexReadsIt(traceparent));
        }
        Map<String, String> all = new LinkedHashMap<>(bare);
        if (traceparent != null) {
            all.put(TRACEPARENT, asKitexReadsIt(traceparent));
        }
        all.putAll(announced);
        return all;
    }

    /**
     * A {@code traceparent} as OpenTelemetry for Go reads it, which Kitex' extension uses. Many of its versions, 1.37 among them,
     * refuse one that has other flags than the sampled one, such as the one for random ids that Java's SDK sets.
     */
    private static String asKitexReadsIt(String traceparent) {
        if (traceparent.length() != TRACEPARENT_LENGTH || !traceparent.startsWith("00-")) {
            return traceparent;
        }
        boolean sampled = (Character.digit(traceparent.charAt(TRACEPARENT_LENGTH - 1), 16) & 1) == 1;
        String flags = sampled ? "01" : "00";
        return traceparent.endsWith(flags)
                ? traceparent
                : traceparent.substring(0, TRACEPARENT_LENGTH - FLAGS_LENGTH).concat(flags);
    }
}
