package io.streamx.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.streamx.StatusCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a request says before its body.
 *
 * @param path decoded, without the query
 * @param parameters of the query, decoded
 */
record HttpHead(
        HttpMethod method, String path, Map<String, List<String>> parameters, HttpHeaders headers, boolean isHttp10) {
    /**
     * Reads a request that the decoder has taken, and refuses what two servers could read differently.
     *
     * <p>Source: RFC 9112 sections 3.2, 6.1 and 6.3.
     */
    static HttpHead of(HttpRequest request) throws HttpRefusal {
        HttpVersion version = request.protocolVersion();
        boolean isHttp10 = version.equals(HttpVersion.HTTP_1_0);
        if (!isHttp10 && !version.equals(HttpVersion.HTTP_1_1)) {
            throw new HttpRefusal(
                    HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
                    StatusCode.UNIMPLEMENTED,
                    shown(version.text()) + " (expected: HTTP/1.1)");
        }
        HttpHeaders headers = request.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && !isHttp10)) {
            throw HttpRefusal.badRequest(hosts.size() + " Host headers (expected: one)");
        }
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()) {
            if (isHttp10) {
                throw HttpRefusal.badRequest("Transfer-Encoding in HTTP/1.0 (expected: Content-Length)");
            }
            if (encodings.size() > 1 || !encodings.getFirst().strip().equalsIgnoreCase("chunked")) {
                throw HttpRefusal.unimplemented("Transfer-Encoding: " + shown(String.join(", ", encodings))
                        + " (expected: chunked and nothing else)");
            }
        }
        try {
            QueryStringDecoder target = new QueryStringDecoder(withoutAuthority(request.uri()));
            return new HttpHead(request.method(), target.path(), target.parameters(), headers, isHttp10);
        } catch (IllegalArgumentException e) {
            throw HttpRefusal.badRequest("the path " + shown(request.uri()) + ": " + e.getMessage());
        }
    }

    /** A proxy is sent whole URIs, and a server has to understand them too. */
    private static String withoutAuthority(String uri) throws HttpRefusal {
        if (uri.startsWith("/") || uri.equals("*")) {
            return uri;
        }
        int authority = uri.indexOf("://");
        String scheme = authority < 0 ? "" : uri.substring(0, authority).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw HttpRefusal.badRequest("the path " + shown(uri) + " (expected: /Service/Method)");
        }
        int path = uri.indexOf('/', authority + 3);
        return path < 0 ? "/" : uri.substring(path);
    }

    /** A header; null when there is none. */
    @Nullable
    String header(CharSequence name) {
        return headers.get(name);
    }

    /** How many bytes of body are announced; 0 where none are, or nothing is announced. */
    long contentLength() {
        return Math.max(0, announcedLength());
    }

    /** How many bytes of body are announced; negative where nothing is. */
    long announcedLength() {
        String length = header(HttpHeaderNames.CONTENT_LENGTH);
        // Whoever has read the head has checked that it is a number.
        return length == null ? -1 : Long.parseLong(length.strip());
    }

    /** A parameter of the query; null when there is none. */
    @Nullable
    String parameter(String name) {
        List<String> values = parameters.get(name);
        return values == null ? null : values.getFirst();
    }

    /** The type of the body in lower case, without its parameters; empty when there is none. */
    String contentType() {
        String type = header(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return "";
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the Accept header names {@code type} itself. */
    boolean accepts(String type) {
        return elements(HttpHeaderNames.ACCEPT).anyMatch(type::equals);
    }

    /** The elements of a header that is a list, in lower case and without their parameters. */
    Stream<String> elements(CharSequence name) {
        return headers.getAll(name).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(element -> {
                    int parameters = element.indexOf(';');
                    return (parameters < 0 ? element : element.substring(0, parameters))
                            .strip()
                            .toLowerCase(Locale.ROOT);
                });
    }

    /** A text of the peer's, for an error. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        for (int i = 0; i < Math.min(text.length(), 100); i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return shown.append(text.length() > 100 ? "...'" : "'").toString();
    }
}
