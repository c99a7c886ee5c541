package io.streamx.nacos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Plays a Nacos: its HTTP API as nacos-sdk-go v1.1.4 uses it, with the login that all clients use, and {@link NacosGrpc} at
 * the port 1000 above. What it holds it keeps while it is stopped, apart from the instances of connections.
 */
final class NacosStub implements AutoCloseable {
    private static final int GRPC_OFFSET = 1000;
    private static final String TOKEN = "token of the stub";

    private final NacosRecords records = new NacosRecords();
    private final NacosGrpc grpc = new NacosGrpc(records);
    private final List<String> registered = new CopyOnWriteArrayList<>();
    private final int port;
    private volatile String password = "";
    private HttpServer http;
    private ExecutorService threads;

    NacosStub() throws IOException {
        port = freePair();
        start();
    }

    private static int freePair() throws IOException {
        while (true) {
            try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int found = first.getLocalPort();
                if (found + GRPC_OFFSET <= 65535) {
                    new ServerSocket(found + GRPC_OFFSET, 1, InetAddress.getLoopbackAddress()).close();
                    return found;
                }
            } catch (java.net.BindException taken) {
                // Another pair is free.
            }
        }
    }

    void start() throws IOException {
        grpc.start(port + GRPC_OFFSET);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        http.setExecutor(threads);
        http.createContext("/nacos/v1/ns/instance", this::instance);
        http.createContext(
                "/nacos/v1/ns/instance/beat",
                exchange -> answer(
                        exchange, 200, "{\"clientBeatInterval\":5000,\"code\":10200,\"lightBeatEnabled\":true}"));
        http.createContext("/nacos/v1/ns/instance/list", this::list);
        http.createContext("/nacos/v1/auth/", this::login);
        http.createContext("/nacos/v3/auth/", this::login);
        http.start();
    }

    void stop() throws InterruptedException {
        http.stop(0);
        threads.shutdownNow();
        grpc.stop();
    }

    String hostAndPort() {
        return "127.0.0.1:" + port;
    }

    NacosRecords records() {
        return records;
    }

    NacosGrpc grpc() {
        return grpc;
    }

    /** The instances that were registered by HTTP, their parameters in order of name. */
    List<String> registeredByHttp() {
        return List.copyOf(registered);
    }

    /** From now on asks for that password of the user {@code nacos}. */
    void requirePassword(String newPassword) {
        password = newPassword;
        grpc.requireToken(newPassword.isEmpty() ? "" : TOKEN);
    }

    private void instance(HttpExchange exchange) throws IOException {
        Map<String, String> given = parameters(exchange);
        String[] name = given.getOrDefault("serviceName", "").split("@@", 2);
        String address = given.get("ip") + ":" + given.get("port");
        if (exchange.getRequestMethod().equals("POST")) {
            registered.add(given.toString());
            ObjectNode instance = NacosRecords.JSON.createObjectNode();
            instance.put("ip", given.get("ip")).put("port", Integer.parseInt(given.get("port")));
            instance.put("weight", Double.parseDouble(given.get("weight")));
            instance.put("healthy", Boolean.parseBoolean(given.get("healthy")));
            instance.put("enabled", Boolean.parseBoolean(given.getOrDefault("enable", "true")));
            instance.put("ephemeral", Boolean.parseBoolean(given.get("ephemeral")));
            instance.put("clusterName", given.get("clusterName"));
            instance.set("metadata", NacosRecords.JSON.readTree(given.get("metadata")));
            records.put(name[0], name[1], "http " + address, instance);
        } else {
            records.remove(name[0], name[1], address);
        }
        answer(exchange, 200, "ok");
    }

    private void list(HttpExchange exchange) throws IOException {
        Map<String, String> given = parameters(exchange);
        String[] name = given.getOrDefault("serviceName", "").split("@@", 2);
        ObjectNode found = records.service(name[0], name[1], given.getOrDefault("clusters", ""));
        found.put("dom", given.get("serviceName")).put("name", given.get("serviceName"));
        answer(exchange, 200, found.toString());
    }

    private void login(HttpExchange exchange) throws IOException {
        if (password.equals(parameters(exchange).get("password"))) {
            answer(exchange, 200, "{\"accessToken\":\"" + TOKEN + "\",\"tokenTtl\":18000,\"globalAdmin\":false}");
        } else {
            answer(exchange, 403, "unknown user!");
        }
    }

    private static Map<String, String> parameters(HttpExchange exchange) throws IOException {
        Map<String, String> read = new TreeMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : ((query == null ? "" : query) + "&" + body).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                read.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return read;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
