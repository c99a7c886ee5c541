package io.streamx.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.streamx.service.ServiceDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The page on which people try the services of a server. It is for browsers on this machine alone, unless it was opened to others:
 * the connection comes from a loopback address, and the page was asked for by such a name, so that no web site can read it by a
 * name of its own that leads here. On the event loop.
 */
final class TryItPage {
    /** Where the page is. No service can have the path, because its last part is empty. */
    static final String PATH = "/streamx/try/";

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    /** Scripts and styles are files of this server, and the page talks to this server alone. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String CATALOG = "catalog.json";
    /** The files of the page, with their types. */
    private static final Map<String, String> FILES = Map.of(
            "",
            "text/html; charset=utf-8",
            "page.js",
            "text/javascript; charset=utf-8",
            "form.js",
            "text/javascript; charset=utf-8",
            "call.js",
            "text/javascript; charset=utf-8",
            "style.css",
            "text/css; charset=utf-8");

    private final GatewayOptions options;
    private final GatewayMethods methods;
    private final List<ServiceDefinition> services;

    TryItPage(GatewayOptions options, GatewayMethods methods, List<ServiceDefinition> services) {
        this.options = options;
        this.methods = methods;
        this.services = services;
    }

    /**
     * The answer to a request for the page or one of its files; null for every other request.
     *
     * @throws HttpRefusal when the page is not for whoever asks
     */
    @Nullable
    HttpReply answer(HttpHead head, Channel channel) throws HttpRefusal {
        String prefix = options.pathPrefix() + PATH;
        boolean lacksSlash = prefix.equals(head.path() + "/");
        if (!options.hasTryItPage() || !(head.path().startsWith(prefix) || lacksSlash)) {
            return null;
        }
        if (!options.isTryItPageOpen()) {
            checkLoopback(head, channel);
        }
        if (!head.method().equals(HttpMethod.GET) && !head.method().equals(HttpMethod.HEAD)) {
            throw HttpRefusal.wrongMethod(head.method() + " for the try-it page (expected: GET or HEAD)");
        }
        if (lacksSlash) {
            // The page names its files relative to its own address, which has to end in a slash for that.
            HttpReply moved = HttpReply.empty(308);
            moved.headers().set(HttpHeaderNames.LOCATION, prefix);
            return moved;
        }
        String file = head.path().substring(prefix.length());
        if (file.equals(CATALOG)) {
            return reply(HttpReply.JSON, methods.catalog(services));
        }
        String type = FILES.get(file);
        if (type == null) {
            throw HttpRefusal.unknown("no file " + HttpHead.shown(file) + " of the try-it page");
        }
        return reply(type, methods.page(file));
    }

    private static void checkLoopback(HttpHead head, Channel channel) throws HttpRefusal {
        String host = head.header(HttpHeaderNames.HOST);
        boolean isNamedSo = host != null && LOOPBACK_NAMES.contains(host.replaceFirst(":\\d{1,5}$", ""));
        InetAddress peer = channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (!isNamedSo || peer == null || !peer.isLoopbackAddress()) {
            throw HttpRefusal.forbidden("the try-it page for " + HttpHead.shown(String.valueOf(host))
                    + " (expected: a browser on the server's machine, and localhost or a loopback address; others with"
                    + " GatewayOptions.Builder.tryItPageForEverybody)");
        }
    }

    /** The files of the page by what their paths end in. They are read when a server starts, since event loops read no files. */
    static Map<String, byte[]> files() {
        Map<String, byte[]> files = new HashMap<>();
        for (String name : FILES.keySet()) {
            files.put(name, file(name.isEmpty() ? "index.html" : name));
        }
        return files;
    }

    private static byte[] file(String name) {
        try (InputStream in = TryItPage.class.getResourceAsStream("tryit/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the jar of the gateway lacks tryit/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpReply reply(String type, byte[] body) {
        HttpHeaders headers = HttpReply.headers(type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("content-security-policy", POLICY)
                .set("referrer-policy", "no-referrer")
                .set("cross-origin-resource-policy", "same-origin");
        return new HttpReply(200, headers, Unpooled.wrappedBuffer(body));
    }
}
