package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * Metainfo as request headers. Empty keys and values are neither sent nor accepted; keys arrive in upper case, with
 * {@code _} for {@code -}.
 *
 * @param persistents for the whole chain of calls
 * @param transients for this hop
 */
public record Metainfo(Map<String, String> persistents, Map<String, String> transients) {
    /** Nothing. */
    public static final Metainfo NONE = new Metainfo(Map.of(), Map.of());

    /** What the headers of a request say. Never throws. */
    public static Metainfo of(Http2Headers headers) {
        return Unfinished.body(headers.toString());
    }

    /**
     * Adds the headers to send.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void addTo(Http2Headers headers, Map<String, String> persistents, Map<String, String> transients) {
        Unfinished.body(headers.toString() + persistents + transients);
    }
}
