package io.streamx.gateway;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may call: those of the server's own origin, and those of the origins that were allowed. Others are refused
 * before anything runs, since a browser would otherwise only hide the answer from them. Source: the Fetch Standard, "CORS
 * protocol" and "Sec-Fetch-Site".
 */
final class CorsPolicy {
    private static final String ANY = "*";
    private static final String REMEMBERED_SECONDS = "7200";
    /** Headers of a response that a page sees without being allowed to. */
    private static final Set<String> ALWAYS_SEEN = Set.of("cache-control", "content-type", "content-length");

    private final Set<String> allowed;
    private final boolean credentials;

    CorsPolicy(GatewayOptions options) {
        allowed = options.allowedOrigins();
        credentials = options.credentialsAllowed();
    }

    /**
     * Refuses a request of a page that may not call.
     *
     * @return the origin that the response is to name; null where there is none to name
     */
    @Nullable
    String check(HttpHead head) throws HttpRefusal {
        String origin = head.header(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            String site = head.header("sec-fetch-site");
            boolean isOfAnother = "cross-site".equals(site) || "same-site".equals(site);
            if (isOfAnother && !allowed.contains(ANY)) {
                throw HttpRefusal.forbidden(
                        "a request of another site's page that does not name its origin (expected: a"
                                + " page of this server, or a request with an Origin header)");
            }
            return null;
        }
        if (allowed.contains(origin) || allowed.contains(ANY)) {
            return origin;
        }
        if (isOwn(origin, head.header(HttpHeaderNames.HOST))) {
            return null;
        }
        throw HttpRefusal.forbidden("Origin " + HttpHead.shown(origin)
                + " (expected: the server's own, or one that GatewayOptions.Builder.allowOrigin names)");
    }

    /**
     * Whether {@code origin} is that of this server, by host and port. The scheme is not compared, because TLS may end at a
     * proxy before this server.
     */
    private static boolean isOwn(String origin, @Nullable String host) {
        int authority = origin.indexOf("://");
        return host != null && authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host.strip());
    }

    /** Whether a request asks only whether another one would be allowed. */
    static boolean isPreflight(HttpHead head) {
        return head.method().equals(HttpMethod.OPTIONS)
                && head.headers().contains(HttpHeaderNames.ORIGIN)
                && head.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** The answer to a preflight. */
    HttpReply preflight(HttpHead head) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory()
                .newHeaders()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, REMEMBERED_SECONDS);
        String wanted = head.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (wanted != null) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        }
        return new HttpReply(204, headers, Unpooled.EMPTY_BUFFER);
    }

    /** Adds what tells the browser that the page of {@code origin} may see a response with these headers. */
    void addTo(HttpHeaders response, @Nullable String origin) {
        if (!allowed.isEmpty()) {
            response.add(HttpHeaderNames.VARY, "Origin");
        }
        if (origin == null) {
            return;
        }
        response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, allowed.contains(ANY) ? ANY : origin);
        if (credentials) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        String seen = StreamSupport.stream(response.spliterator(), false)
                .map(header -> header.getKey().toLowerCase(Locale.ROOT))
                .filter(name -> !name.startsWith("access-control-") && !name.equals("vary"))
                .filter(name -> !ALWAYS_SEEN.contains(name))
                .distinct()
                .collect(Collectors.joining(", "));
        if (!seen.isEmpty()) {
            response.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, seen);
        }
    }
}
