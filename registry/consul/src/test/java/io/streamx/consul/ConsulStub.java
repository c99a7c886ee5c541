package io.streamx.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Plays the part of Consul's HTTP API that registry-consul v0.2.0 was seen to use: an agent's services, and health questions
 * that are answered when something changes.
 */
final class ConsulStub implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, JsonNode> entries = new LinkedHashMap<>();
    private final List<String> registered = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private long index = 1;
    private boolean running;
    private int port;
    private HttpServer server;
    private ExecutorService threads;

    ConsulStub() throws IOException {
        start();
    }

    synchronized void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        port = server.getAddress().getPort();
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/v1/agent/service/register", this::register);
        server.createContext("/v1/agent/service/deregister/", this::deregister);
        server.createContext("/v1/agent/service/", this::look);
        server.createContext("/v1/health/service/", this::health);
        running = true;
        server.start();
    }

    void stop() {
        synchronized (this) {
            running = false;
            notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** What servers were registered with, as it came. */
    synchronized List<String> registered() {
        return List.copyOf(registered);
    }

    /** The tokens that came with requests. */
    synchronized List<String> tokens() {
        return List.copyOf(tokens);
    }

    /** Puts an entry there as the agent's own API would hold it. */
    synchronized void put(String entry) throws IOException {
        JsonNode node = JSON.readTree(entry);
        entries.put(node.path("ID").asText(), node);
        changed();
    }

    synchronized void remove(String id) {
        entries.remove(id);
        changed();
    }

    private void changed() {
        index++;
        notifyAll();
    }

    private void register(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (this) {
            registered.add(body);
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Consul-Token")));
        }
        put(body);
        answer(exchange, 200, "");
    }

    private void deregister(HttpExchange exchange) throws IOException {
        remove(last(exchange));
        answer(exchange, 200, "");
    }

    private void look(HttpExchange exchange) throws IOException {
        String id = last(exchange);
        boolean there;
        synchronized (this) {
            there = entries.containsKey(id);
        }
        answer(exchange, there ? 200 : 404, there ? "{\"ID\":\"" + id + "\"}" : "unknown service ID: " + id);
    }

    private static String last(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void health(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        long asked = Long.parseLong(query.replaceAll(".*index=(\\d+).*", "$1"));
        String service = last(exchange);
        ArrayNode found = JSON.createArrayNode();
        synchronized (this) {
            try {
                while (running && index <= asked) {
                    wait(30_000);
                }
            } catch (InterruptedException e) {
                running = false;
            }
            if (!running) {
                exchange.close();
                return;
            }
            exchange.getResponseHeaders().add("X-Consul-Index", Long.toString(index));
            for (JsonNode entry : entries.values()) {
                if (entry.path("Name").asText().equals(service)) {
                    ObjectNode one = found.addObject();
                    one.putObject("Node").put("Node", "here").put("Address", "127.0.0.2");
                    ObjectNode asService = one.putObject("Service");
                    asService.put("ID", entry.path("ID").asText()).put("Service", service);
                    asService.set("Address", entry.path("Address"));
                    asService.set("Port", entry.path("Port"));
                    asService.set("Tags", entry.path("Tags"));
                    asService.set("Weights", entry.path("Weights"));
                }
            }
        }
        answer(exchange, 200, found.toString());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        stop();
    }
}
