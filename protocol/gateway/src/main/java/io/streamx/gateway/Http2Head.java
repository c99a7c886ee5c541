package io.streamx.gateway;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the heads of requests over HTTP/2, and refuses what would be another request over HTTP/1. Source: RFC 9113 sections
 * 8.2.2, 8.2.3 and 8.3.1.
 */
final class Http2Head {
    /** Headers of a connection of HTTP/1, which HTTP/2 does not have. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private static final int MAX_LENGTH_DIGITS = 18;

    private Http2Head() {}

    /**
     * The head of a request that has one method and one path.
     *
     * @param maxHeaderBytes how long the path may be, and how long the headers together
     */
    static HttpHead of(Http2Headers head, int maxHeaderBytes) throws HttpRefusal {
        String target = head.path().toString();
        if (target.length() > maxHeaderBytes) {
            throw HttpRefusal.targetTooLong(maxHeaderBytes);
        }
        if (!target.startsWith("/") && !target.equals("*")) {
            throw HttpRefusal.badRequest("the path " + HttpHead.shown(target) + " (expected: /Service/Method)");
        }
        try {
            HttpHeaders headers = headers(head, maxHeaderBytes);
            QueryStringDecoder decoded = new QueryStringDecoder(target);
            return new HttpHead(
                    HttpMethod.valueOf(head.method().toString()), decoded.path(), decoded.parameters(), headers, false);
        } catch (IllegalArgumentException e) {
            throw HttpRefusal.badRequest("the request for " + HttpHead.shown(target) + ": " + e.getMessage());
        }
    }

    /** The head of a response as HTTP/2 writes it. */
    static Http2Headers written(int status, HttpHeaders headers) {
        Http2Headers head = new DefaultHttp2Headers()
                .status(HttpResponseStatus.valueOf(status).codeAsText());
        for (Map.Entry<String, String> header : headers) {
            head.add(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        }
        return head;
    }

    private static HttpHeaders headers(Http2Headers head, int maxHeaderBytes) throws HttpRefusal {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        long bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> header : head) {
            String name = header.getKey().toString();
            if (Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(name)) {
                continue;
            }
            String value = header.getValue().toString();
            bytes += name.length() + value.length();
            if (bytes > maxHeaderBytes) {
                throw HttpRefusal.headersTooLarge(maxHeaderBytes);
            }
            if (OF_CONNECTIONS.contains(name)) {
                throw HttpRefusal.badRequest(
                        name + ": " + HttpHead.shown(value) + " over HTTP/2 (expected: no such header)");
            }
            headers.add(name, value);
        }
        takeHost(head, headers);
        checkLength(headers);
        joinCookies(headers);
        return headers;
    }

    /** What is called stands in a header of HTTP/2, in that of HTTP/1, or in both of them alike. */
    private static void takeHost(Http2Headers head, HttpHeaders headers) throws HttpRefusal {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        List<CharSequence> authorities = head.getAll(Http2Headers.PseudoHeaderName.AUTHORITY.value());
        if (hosts.size() > 1 || authorities.size() > 1) {
            throw HttpRefusal.badRequest(
                    hosts.size() + " Host headers and " + authorities.size() + " of :authority (expected: one)");
        }
        if (authorities.isEmpty()) {
            return;
        }
        String authority = authorities.getFirst().toString();
        if (!hosts.isEmpty() && !hosts.getFirst().equalsIgnoreCase(authority)) {
            throw HttpRefusal.badRequest("Host: " + HttpHead.shown(hosts.getFirst()) + " beside :authority "
                    + HttpHead.shown(authority) + " (expected: the two alike)");
        }
        headers.set(HttpHeaderNames.HOST, authority);
    }

    private static void checkLength(HttpHeaders headers) throws HttpRefusal {
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        boolean isLength = lengths.size() <= 1
                && lengths.stream()
                        .allMatch(length -> !length.isEmpty()
                                && length.length() <= MAX_LENGTH_DIGITS
                                && length.chars().allMatch(digit -> digit >= '0' && digit <= '9'));
        if (!isLength) {
            throw HttpRefusal.badRequest(
                    "Content-Length: " + HttpHead.shown(String.join(", ", lengths)) + " (expected: one number)");
        }
    }

    /** Cookies may come in several headers, so that each of them is compressed by itself. */
    private static void joinCookies(HttpHeaders headers) {
        List<String> cookies = headers.getAll(HttpHeaderNames.COOKIE);
        if (cookies.size() > 1) {
            headers.set(HttpHeaderNames.COOKIE, String.join("; ", cookies));
        }
    }
}
