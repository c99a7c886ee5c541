package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.BinaryValue;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user gave along with a call, as it came. Values of names that end in {@code -bin} are bytes, in the form that
 * {@link BinaryValue} describes.
 *
 * <p>Source: docs/protocol/grpc.md "6. Metadata".
 *
 * @param entries names in lower case and their values, the first one where a name came more than once
 * @param conflict what {@code header()} or {@code trailer()} of a client throws because a name came more than once;
 *     null when none did. Messages and outcome are none of its business
 */
public record Metadata(
        Map<String, String> entries, @Nullable StatusException conflict) {
    /** Nothing. */
    public static final Metadata NONE = new Metadata(Map.of(), null);

    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

    /** What of {@code headers} belongs to the user. Never throws: a value that cannot be decoded is left out. */
    public static Metadata of(Http2Headers headers) {
        Map<String, String> entries = null;
        String repeated = null;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            String name = HeaderText.text(header.getKey());
            if (HeaderNames.isReserved(name)) {
                continue;
            }
            String value = decode(name, header.getValue());
            if (value == null) {
                continue;
            }
            if (entries == null) {
                entries = new LinkedHashMap<>();
            }
            if (entries.putIfAbsent(name, value) != null && repeated == null) {
                repeated = name;
            }
        }
        return entries == null ? NONE : new Metadata(entries, repeated == null ? null : conflict(repeated));
    }

    private static StatusException conflict(String name) {
        return StatusException.outcome(
                StatusCode.INTERNAL,
                "cannot convert http2 metadata to streaming header, several values of '" + HeaderText.shown(name)
                        + "' (expected: one)",
                List.of(),
                null);
    }

    /** The value of a header that came; null when it is not the base64 that its name promises. */
    static @Nullable String decode(String name, CharSequence value) {
        if (!name.endsWith(HeaderNames.BINARY)) {
            return HeaderText.text(value);
        }
        byte[] bytes = decodeBinary(value);
        return bytes == null ? null : BinaryValue.of(bytes);
    }

    /** Base64 with or without padding; null for anything else. */
    static byte @Nullable [] decodeBinary(CharSequence value) {
        try {
            return Base64.getDecoder().decode(HeaderText.bytes(value));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    static String encodeBinary(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /**
     * Checks entries that are to be sent.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void check(Map<String, String> entries) {
        entries.forEach((key, value) -> {
            String name = key.toLowerCase(Locale.ROOT);
            if (!HeaderNames.isReserved(name)) {
                check("entry", key, name, value);
            }
        });
    }

    private static void check(String what, String key, String name, String value) {
        if (!HeaderText.isName(name)) {
            throw new IllegalArgumentException(what + " '" + HeaderText.shown(key)
                    + "' (expected: a name of letters, digits, '-', '_' and '.', as gRPC sends it in a header)");
        }
        if (HeaderNames.isForbidden(name)) {
            throw new IllegalArgumentException(
                    what + " '" + key + "' (expected: no header of HTTP/1 connections, which HTTP/2 forbids)");
        }
        int illegal = name.endsWith(HeaderNames.BINARY) ? -1 : HeaderText.illegalInValue(value);
        if (illegal >= 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s '%s' = '%s': character U+%04X at %d (expected: no control characters, or a name that ends in -bin)",
                    what,
                    HeaderText.shown(key),
                    HeaderText.shown(value),
                    (int) value.charAt(illegal),
                    illegal));
        }
    }

    /**
     * Adds entries to headers, but for those with reserved names and names that are there already. Names become lower
     * case; values of names that end in {@code -bin} become base64.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void addTo(Http2Headers headers, Map<String, String> entries) {
        if (entries.isEmpty()) {
            return;
        }
        entries.forEach((key, value) -> {
            String name = key.toLowerCase(Locale.ROOT);
            if (!HeaderNames.isReserved(name) && !headers.contains(name)) {
                add(headers, "entry", key, name, value);
            }
        });
    }

    /** Adds one header; {@code what} and {@code key} are for the error. */
    static void add(Http2Headers headers, String what, String key, String name, String value) {
        check(what, key, name, value);
        headers.add(
                name,
                name.endsWith(HeaderNames.BINARY) ? encodeBinary(BinaryValue.bytes(value)) : HeaderText.value(value));
    }
}
