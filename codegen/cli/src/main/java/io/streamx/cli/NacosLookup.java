package io.streamx.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where a service is by Nacos' HTTP API, which is asked again and again. A server or client that goes on for days is better
 * served by {@code streamx-nacos} and the pushes of Nacos' own client; a command asks once or twice, and that client would make its
 * jar half as large again.
 *
 * <p>Source: nacos.io, "Client API" of 3.x ({@code /v3/client/ns/instance/list}) and "Open API Guide" of 1.x and 2.x ({@code
 * /v1/ns/instance/list}). What Kitex writes there: registry-nacos v2.0.0, registry/registry.go.
 */
final class NacosLookup implements Resolver {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final List<String> servers;
    private final String query;

    /**
     * Asks the first of {@code servers} that answers.
     *
     * @param servers each as {@code HOST:PORT}
     * @param namespace the id of a namespace; empty for the public one
     * @param group the group of the service
     */
    NacosLookup(List<String> servers, String namespace, String group) {
        this.servers = List.copyOf(servers);
        query = "&groupName=" + encoded(group) + (namespace.isEmpty() ? "" : "&namespaceId=" + encoded(namespace));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String describe(String service) {
        return "Nacos " + String.join(",", servers);
    }

    @Override
    public Watch watch(String service, Listener listener) {
        Thread asking = Thread.ofVirtual().name("nacos").start(() -> follow(service, listener));
        return asking::interrupt;
    }

    private void follow(String service, Listener listener) {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ANSWER)
                .build()) {
            while (true) {
                ask(http, service, listener);
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(HttpClient http, String service, Listener listener) throws InterruptedException {
        List<String> failures = new ArrayList<>();
        for (String server : servers) {
            try {
                JsonNode hosts = hosts(http, server, service);
                listener.onInstances(read(hosts, listener));
                return;
            } catch (IOException e) {
                failures.add(server + ": " + e.getMessage());
            }
        }
        listener.onUnavailable(String.join("; ", failures));
    }

    private JsonNode hosts(HttpClient http, String server, String service) throws IOException, InterruptedException {
        String parameters = "/ns/instance/list?serviceName=" + encoded(service) + query;
        HttpResponse<String> answer = get(http, "http://" + server + "/nacos/v3/client" + parameters);
        if (answer.statusCode() == NOT_FOUND) {
            // Nacos 1.x and 2.x.
            answer = get(http, "http://" + server + "/nacos/v1" + parameters);
        }
        if (answer.statusCode() != OK) {
            throw new IOException("status " + answer.statusCode() + ": " + shown(answer.body()) + " (expected: 200)");
        }
        try {
            JsonNode body = JSON.readTree(answer.body());
            JsonNode data = body.path("data");
            JsonNode hosts = data.isArray() ? data : data.isObject() ? data.path("hosts") : body.path("hosts");
            if (hosts.isArray() && body.path("code").asInt(0) == 0) {
                return hosts;
            }
        } catch (JsonProcessingException noJson) {
            throw new IOException("answer " + shown(answer.body()) + " (expected: JSON)", noJson);
        }
        throw new IOException("answer " + shown(answer.body()) + " (expected: an array of instances)");
    }

    private static HttpResponse<String> get(HttpClient http, String url) throws IOException, InterruptedException {
        // The timeout of a request ends with the head of its answer; this one has the body in it.
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        try {
            return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException("no whole answer within " + ANSWER.toMillis() + " ms", late);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            // The message of the JDK's ConnectException is empty.
            String why = cause instanceof ConnectException
                    ? "cannot connect"
                    : String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
            throw new IOException(why, cause);
        } finally {
            // Ends the request where nobody waits for it any more.
            answer.cancel(true);
        }
    }

    private static String shown(String text) {
        return text.length() <= 200 ? text.strip() : text.substring(0, 200) + "...";
    }

    /** The instances that can be called, as Kitex chooses them too. */
    private static List<Instance> read(JsonNode hosts, Listener listener) {
        List<Instance> found = new ArrayList<>();
        for (JsonNode host : hosts) {
            double weight = host.path("weight").asDouble(Instance.DEFAULT_WEIGHT);
            // A weight of 0 is how an instance is taken out of use without being taken out of Nacos.
            if (weight > 0
                    && host.path("enabled").asBoolean(true)
                    && host.path("healthy").asBoolean(true)) {
                String ip = host.path("ip").asText("");
                boolean isBracketed = ip.startsWith("[") && ip.endsWith("]");
                try {
                    found.add(new Instance(
                            isBracketed ? ip.substring(1, ip.length() - 1) : ip,
                            host.path("port").asInt(),
                            weight,
                            Map.of()));
                } catch (IllegalArgumentException e) {
                    listener.onSkipped(shown(host.toString()), String.valueOf(e.getMessage()));
                }
            }
        }
        return found;
    }
}
