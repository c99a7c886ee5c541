package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.service.PayloadFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Metainfo as request headers. Empty keys and values are neither sent nor accepted; keys arrive in upper case, with
 * {@code _} for {@code -}.
 *
 * <p>Source: docs/protocol/metainfo.md "2. Names".
 *
 * @param persistents metainfo for the whole chain of calls
 * @param transients metainfo for this hop
 */
public record GrpcMetainfo(Map<String, String> persistents, Map<String, String> transients) {
    /** No metainfo. */
    public static final GrpcMetainfo NONE = new GrpcMetainfo(Map.of(), Map.of());

    private static final String PERSISTENT = "rpc-persist-";
    private static final String TRANSIENT = "rpc-transit-";

    /** The metainfo in the headers of a request. This never throws. */
    public static GrpcMetainfo of(Http2Headers headers) {
        Reading reading = new Reading();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            reading.take(header.getKey().toString(), header.getValue());
        }
        return reading.metainfo();
    }

    /**
     * Adds the headers to send.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void addTo(
            Http2Headers headers,
            Map<String, String> persistents,
            Map<String, String> transients,
            PayloadFormat format) {
        add(headers, TRANSIENT, "transient metainfo", transients, format);
        add(headers, PERSISTENT, "persistent metainfo", persistents, format);
    }

    private static void add(
            Http2Headers headers, String prefix, String what, Map<String, String> entries, PayloadFormat format) {
        if (entries.isEmpty()) {
            return;
        }
        entries.forEach((key, value) -> {
            if (!key.isEmpty() && !value.isEmpty()) {
                String name = prefix + key.replace('_', '-').toLowerCase(Locale.ROOT);
                if (!headers.contains(name)) { // "a" and "A" are one header, of which receivers take the first value
                    MetadataHeaders.add(headers, what, key, name, value, format);
                }
            }
        });
    }

    /** Collects metainfo out of the headers of a request, one after the other. */
    static final class Reading {
        private @Nullable Map<String, String> persistents;
        private @Nullable Map<String, String> transients;

        /** Takes a header if it is one of metainfo, and says whether it is. */
        boolean take(String name, CharSequence value) {
            if (name.startsWith(PERSISTENT)) {
                persistents = plus(persistents, name, value);
                return true;
            }
            if (name.startsWith(TRANSIENT)) {
                transients = plus(transients, name, value);
                return true;
            }
            return false;
        }

        private static @Nullable Map<String, String> plus(
                @Nullable Map<String, String> entries, String name, CharSequence value) {
            // The lengths of the two prefixes are equal, so one of them serves for both.
            String key = name.substring(PERSISTENT.length()).replace('-', '_').toUpperCase(Locale.ROOT);
            String text = MetadataHeaders.decode(name, value);
            if (key.isEmpty() || text == null || text.isEmpty()) {
                return entries;
            }
            Map<String, String> into = entries == null ? new LinkedHashMap<>() : entries;
            into.putIfAbsent(key, text);
            return into;
        }

        GrpcMetainfo metainfo() {
            if (persistents == null && transients == null) {
                return NONE;
            }
            return new GrpcMetainfo(
                    persistents == null ? Map.of() : persistents, transients == null ? Map.of() : transients);
        }
    }
}
