package io.streamx.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.BinaryValue;
import io.streamx.Metadata;
import io.streamx.grpc.protocol.MetadataHeaders;
import io.streamx.service.PayloadFormat;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Headers of HTTP/1 as the entries of a call, and back, by the rules of gRPC: names in lower case, values of names that end
 * in {@code -bin} in base64.
 */
final class HttpEntries {
    /** Headers between the two ends of one connection, or of one of the protocols here, which are no business of a handler. */
    private static final Set<String> NOT_FOR_HANDLERS = Set.of(
            "accept-encoding",
            "connection",
            "connect-accept-encoding",
            "connect-content-encoding",
            "connect-protocol-version",
            "connect-timeout-ms",
            "content-encoding",
            "expect",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "sec-websocket-extensions",
            "sec-websocket-key",
            "sec-websocket-version",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-grpc-web");

    private static final String BINARY = "-bin";
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

    private HttpEntries() {}

    /** The headers of a request as the gRPC door would have them, without those that are not for handlers. */
    static Http2Headers ofRequest(HttpHeaders headers) {
        Http2Headers copy = new DefaultHttp2Headers(false);
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("host")) {
                copy.authority(header.getValue());
            } else if (!NOT_FOR_HANDLERS.contains(name)) {
                copy.add(name, header.getValue());
            }
        }
        return copy;
    }

    /**
     * Checks entries that a handler wants to send.
     *
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    static void check(Metadata entries) {
        MetadataHeaders.check(entries, PayloadFormat.PROTOBUF);
    }

    /** Adds entries to the headers of a response, each name behind {@code prefix}. */
    static void addTo(HttpHeaders headers, String prefix, Metadata entries) {
        for (String name : names(entries)) {
            String header = prefix + name;
            if (prefix.isEmpty() && headers.contains(header)) {
                continue;
            }
            for (String value : values(entries, name)) {
                headers.add(header, value);
            }
        }
    }

    /** The names of entries in lower case, without those that belong to HTTP or to gRPC itself. */
    static Set<String> names(Metadata entries) {
        if (entries.isEmpty()) {
            return Set.of();
        }
        Http2Headers sendable = new DefaultHttp2Headers(false);
        MetadataHeaders.addTo(sendable, entries, PayloadFormat.PROTOBUF);
        Set<String> names = new LinkedHashSet<>();
        sendable.forEach(header -> names.add(header.getKey().toString()));
        return names;
    }

    /** The values of a name as a header has them. */
    static List<String> values(Metadata entries, String name) {
        List<String> values = entries.values(name);
        return name.endsWith(BINARY)
                ? values.stream()
                        .map(value -> ENCODER.encodeToString(BinaryValue.bytes(value)))
                        .toList()
                : values.stream().map(String::strip).toList();
    }
}
