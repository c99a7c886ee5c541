package io.streamx.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.endpoint.LiveView;
import io.streamx.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A page of this process that shows which calls run and which connections are open: since when, with whom, how many messages
 * went both ways, for how long a send or recv has been waiting, and what waits on each connection. It also shows the instances
 * that each client knows, and what is limited with how much of it is used. {@code /} is for people, {@code /streamx.json} for
 * programs.
 *
 * <pre>{@code
 * AdminPage page = AdminPage.start(9464);
 * Server.builder().install(page);
 * Client.builder("echo").install(page);
 * }</pre>
 *
 * <p>It shows names, addresses, counts and limits, and never a payload, metadata or another setting. It is bound to the loopback address
 * unless it is told another one, and a page on loopback answers only those who ask for it by such a name, so that no web site
 * can read it through a browser. It has no password: who may connect sees it. Safe from any thread; install it into any number of
 * clients and servers, before or after they are started elsewhere, and close it when the process ends.
 */
public final class AdminPage implements Extension, AutoCloseable {
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String HTML = "text/html; charset=utf-8";

    private final LiveView live = new LiveView();
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final boolean loopbackOnly;

    private AdminPage(InetSocketAddress address) {
        loopbackOnly = address.getAddress().isLoopbackAddress();
        try {
            http = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address + " for the admin page", e);
        }
        http.createContext("/", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    /** A page on this port of the loopback address; 0 for a free port. */
    public static AdminPage start(int port) {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** A page on this address, which other machines may reach. The comment of this class says what they see there. */
    public static AdminPage start(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address: " + address + " (expected: one that resolves)");
        }
        return new AdminPage(address);
    }

    /** The port that the page is served on. */
    public int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void installInto(Client.Builder client) {
        client.install(live);
    }

    @Override
    public void installInto(Server.Builder server) {
        server.install(live);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain", "method: expected GET or HEAD\n", head);
            } else if (loopbackOnly
                    && !isLoopbackName(exchange.getRequestHeaders().getFirst("Host"))) {
                send(exchange, 403, "text/plain", "host: expected localhost or a loopback address\n", head);
            } else {
                answer(exchange, head);
            }
        }
    }

    private void answer(HttpExchange exchange, boolean head) throws IOException {
        URI uri = exchange.getRequestURI();
        switch (uri.getPath()) {
            case "/" -> {
                String filter = filter(uri);
                send(exchange, 200, HTML, HtmlReport.of(Snapshot.of(live, filter), filter), head);
            }
            case "/streamx.json" ->
                send(exchange, 200, "application/json", JsonReport.of(Snapshot.of(live, filter(uri))), head);
            case "/style.css" -> send(exchange, 200, "text/css", HtmlReport.STYLE, head);
            default -> send(exchange, 404, "text/plain", "expected: /, /streamx.json\n", head);
        }
    }

    private static boolean isLoopbackName(@Nullable String host) {
        return host != null && LOOPBACK_NAMES.contains(host.replaceFirst(":\\d+$", ""));
    }

    private static String filter(URI uri) {
        String query = uri.getRawQuery();
        return query == null
                ? ""
                : Arrays.stream(query.split("&"))
                        .filter(part -> part.startsWith("method="))
                        .map(part -> URLDecoder.decode(part.substring("method=".length()), StandardCharsets.UTF_8))
                        .findFirst()
                        .orElse("");
    }

    private static void send(HttpExchange exchange, int status, String type, String text, boolean head)
            throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Ends the page; clients and servers that it was installed into go on. */
    @Override
    public void close() {
        http.stop(0);
        threads.close();
    }
}
