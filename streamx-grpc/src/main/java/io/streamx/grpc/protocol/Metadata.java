package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.StatusException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user gave along with a call, as it came.
 *
 * @param entries names in lower case and their values, the first one where a name came more than once
 * @param conflict what {@code header()} or {@code trailer()} of a client throws because a name came more than once;
 *     null when none did. Messages and outcome are none of its business
 */
public record Metadata(
        Map<String, String> entries, @Nullable StatusException conflict) {
    /** Nothing. */
    public static final Metadata NONE = new Metadata(Map.of(), null);

    /** What of {@code headers} belongs to the user. Never throws: a value that cannot be decoded is left out. */
    public static Metadata of(Http2Headers headers) {
        return Unfinished.body(headers.toString());
    }

    /**
     * Checks entries that are to be sent.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void check(Map<String, String> entries) {
        Unfinished.body(entries.toString());
    }

    /**
     * Adds entries to headers, but for those with reserved names. Names become lower case; values of names that end in
     * {@code -bin} become base64.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void addTo(Http2Headers headers, Map<String, String> entries) {
        Unfinished.body(headers.toString() + entries);
    }
}
