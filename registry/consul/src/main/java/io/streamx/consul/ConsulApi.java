package io.streamx.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The four requests of Consul's HTTP API that are needed. Safe from any thread; blocks. */
final class ConsulApi {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** How long an agent holds a question back while nothing changes; it may take a sixteenth longer. */
    private static final Duration HOLD = Duration.ofSeconds(30);

    private final URI agent;
    private final @Nullable String token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();

    ConsulApi(URI agent, @Nullable String token) {
        this.agent = agent;
        this.token = token;
    }

    @Nullable
    String token() {
        return token;
    }

    /**
     * The instances whose checks pass.
     *
     * @param entries an array
     * @param index what to ask with, to be answered when something has changed
     */
    record Healthy(JsonNode entries, long index) {}

    void register(String entry) throws IOException, InterruptedException {
        ok(send(request("/v1/agent/service/register", ANSWER)
                .PUT(HttpRequest.BodyPublishers.ofString(entry))
                .header("Content-Type", "application/json")));
    }

    void deregister(String id) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("/v1/agent/service/deregister/" + encoded(id), ANSWER)
                .PUT(HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() != 404) {
            ok(answer);
        }
    }

    boolean isRegistered(String id) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(request("/v1/agent/service/" + encoded(id), ANSWER).GET());
        if (answer.statusCode() == 404) {
            return false;
        }
        ok(answer);
        return true;
    }

    /**
     * Asks for the instances. The answer comes when there is something newer than {@code index}, or after a while; at once for
     * 0.
     */
    Healthy healthy(String service, long index) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(
                        "/v1/health/service/" + encoded(service) + "?passing=1&index=" + index + "&wait="
                                + HOLD.toSeconds() + "s",
                        HOLD.plus(HOLD.dividedBy(16)).plus(ANSWER))
                .GET());
        JsonNode entries = JSON.readTree(ok(answer).body());
        if (!entries.isArray()) {
            throw new IOException("answer: " + shown(answer.body()) + " (expected: an array of instances)");
        }
        long next = answer.headers()
                .firstValueAsLong("X-Consul-Index")
                .orElseThrow(() -> new IOException("header X-Consul-Index: none (expected: a number)"));
        // An index that goes back comes from a Consul that has lost its state. So the next question starts from 0
        // again.
        return new Healthy(entries, next < index ? 0 : Math.max(next, 1));
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(agent + path)).timeout(timeout);
        return token == null ? request : request.header("X-Consul-Token", token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            // The message of a ConnectException of the JDK's client is empty, so that the address is named here.
            throw new IOException("cannot connect to " + agent, e);
        }
    }

    private static HttpResponse<String> ok(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode() + ": " + shown(answer.body()) + " (expected: 200)");
        }
        return answer;
    }

    private static String shown(String text) {
        return text.length() <= 200 ? text.strip() : text.substring(0, 200) + "...";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
