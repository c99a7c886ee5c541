package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.BinaryValue;
import io.streamx.Metadata;
import io.streamx.auth.CallCredentials;
import io.streamx.service.PayloadFormat;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes headers of HTTP/2 of the metadata that a user gives along with a call, and metadata of headers. Values of names
 * that end in {@code -bin} are bytes, in the form that {@link BinaryValue} describes, and base64 on the wire.
 *
 * <p>Values are printable ASCII, as gRPC says. Thrift over gRPC is spoken by Kitex and its kin alone, which read and
 * write raw UTF-8. So raw UTF-8 is sent beside Thrift messages.
 *
 * <p>Source: gRPC over HTTP/2, Custom-Metadata; docs/protocol/grpc.md "6. Metadata".
 */
public final class MetadataHeaders {
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

    private MetadataHeaders() {}

    /**
     * The headers of a response that belong to the user. This never throws: a value that cannot be decoded is left out.
     */
    public static Metadata of(Http2Headers headers) {
        return read(headers, false);
    }

    /**
     * The headers of a request that belong to the user, and those that say who calls whom with what: authority, user
     * agent and content type. This never throws.
     */
    public static Metadata ofRequest(Http2Headers headers) {
        return read(headers, true);
    }

    private static Metadata read(Http2Headers headers, boolean ofRequest) {
        Metadata.Builder entries = null;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            String name = HeaderText.text(header.getKey());
            if (!HeaderNames.isReserved(name) || (ofRequest && HeaderNames.isAboutRequest(name))) {
                if (entries == null) {
                    entries = Metadata.builder();
                }
                add(entries, name, header.getValue());
            }
        }
        return entries == null ? Metadata.EMPTY : entries.build();
    }

    /** Adds the values of a header. Binary values of one name may come joined with commas. */
    private static void add(Metadata.Builder entries, String name, CharSequence value) {
        if (!name.endsWith(HeaderNames.BINARY)) {
            entries.add(name, HeaderText.text(value));
            return;
        }
        for (String one : HeaderText.text(value).split(",", -1)) {
            byte[] bytes = decodeBinary(one.strip());
            if (bytes != null) {
                entries.add(name, bytes);
            }
        }
    }

    /** The value of a header that came; null when the value is not the base64 that the name promises. */
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
     * Checks entries that are to be sent beside messages of {@code format}.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void check(Metadata entries, PayloadFormat format) {
        entries.forEach((key, value) -> {
            String name = key.toLowerCase(Locale.ROOT);
            if (!HeaderNames.isReserved(name)) {
                check("entry", key, name, value, format);
            }
        });
    }

    private static void check(String what, String key, String name, String value, PayloadFormat format) {
        if (!HeaderText.isName(name)) {
            throw new IllegalArgumentException(what + " '" + HeaderText.shown(key)
                    + "' (expected: a name of letters, digits, '-', '_' and '.', as gRPC sends it in a header)");
        }
        if (HeaderNames.isForbidden(name)) {
            throw new IllegalArgumentException(
                    what + " '" + key + "' (expected: no header of HTTP/1 connections, which HTTP/2 forbids)");
        }
        int illegal = name.endsWith(HeaderNames.BINARY) ? -1 : HeaderText.illegalInValue(value, format);
        if (illegal >= 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s '%s' = '%s': character U+%04X at %d (expected: printable ASCII, or a name that ends in -bin)",
                    what,
                    HeaderText.shown(key),
                    name.endsWith(CallCredentials.AUTHORIZATION) ? "(hidden)" : HeaderText.shown(value),
                    (int) value.charAt(illegal),
                    illegal));
        }
    }

    /**
     * Adds entries to headers, but for those with reserved names and names that are there already. Names become lower
     * case; values of names that end in {@code -bin} become base64, other values lose the white space at their ends,
     * which HTTP forbids and gRPC lets every receiver strip.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static void addTo(Http2Headers headers, Metadata entries, PayloadFormat format) {
        if (entries.isEmpty()) {
            return;
        }
        Set<String> taken = new HashSet<>();
        for (CharSequence name : headers.names()) {
            taken.add(name.toString());
        }
        entries.forEach((key, value) -> {
            String name = key.toLowerCase(Locale.ROOT);
            if (!HeaderNames.isReserved(name) && !taken.contains(name)) {
                add(headers, "entry", key, name, value, format);
            }
        });
    }

    /** Adds one header; {@code what} and {@code key} are for the error. */
    static void add(Http2Headers headers, String what, String key, String name, String value, PayloadFormat format) {
        check(what, key, name, value, format);
        headers.add(
                name,
                name.endsWith(HeaderNames.BINARY)
                        ? encodeBinary(BinaryValue.bytes(value))
                        : HeaderText.value(HeaderText.stripped(value)));
    }
}
