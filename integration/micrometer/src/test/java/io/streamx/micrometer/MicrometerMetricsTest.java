package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.streamx.BizStatusException;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.thrift.UnaryResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a scrape of Prometheus finds after real calls, and that dashboard and alert rules ask for nothing else. */
@Timeout(60)
class MicrometerMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerMetrics metrics = MicrometerMetrics.to(registry);
    private final Semaphore finishedAtServer = new Semaphore(0);
    private Transport transport = Transport.TTHEADER;
    private final OpenEnds ends = new OpenEnds(this::choose);

    private void choose(Client.Builder client) {
        client.transport(transport);
        if (transport == Transport.TTHEADER) {
            client.pingPong(PingPong.TTHEADER);
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        ends.close();
        registry.close();
    }

    /** A server whose finished calls the test can wait for: the listener is told after that of the metrics. */
    private Client connect(ServiceDefinition service) {
        Server server = ends.serve(
                service,
                builder -> builder.install(metrics).callListener(new CallListener() {
                    @Override
                    public void onDone(CallInfo call) {
                        finishedAtServer.release();
                    }
                }));
        return ends.connect(server, builder -> builder.install(metrics));
    }

    private void awaitFinishedAtServer(int calls) throws InterruptedException {
        assertThat(finishedAtServer.tryAcquire(calls, 20, TimeUnit.SECONDS)).isTrue();
    }

    // ---- the scrape ----

    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+)(?:\\{(.*)})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    /** One line of the exposition format. */
    private record Sample(String name, Map<String, String> labels, double value) {}

    private List<Sample> scrape() {
        List<Sample> samples = new ArrayList<>();
        for (String line : registry.scrape().lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Map<String, String> labels = new TreeMap<>();
            String text = Objects.requireNonNullElse(sample.group(2), "");
            LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
            samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
        }
        return samples;
    }

    /** The sum of all samples of that name that have those labels; an absent sample fails the test. */
    private double sum(String name, String... labels) {
        List<Sample> found = scrape().stream()
                .filter(sample -> sample.name.equals(name))
                .filter(sample -> {
                    for (int i = 0; i < labels.length; i += 2) {
                        if (!labels[i + 1].equals(sample.labels.get(labels[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .toList();
        assertThat(found).as("%s %s in %s", name, List.of(labels), scrape()).isNotEmpty();
        return found.stream().mapToDouble(Sample::value).sum();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void streamsAreCountedAndTimedAtBothEnds(Transport chosen) throws Exception {
        transport = chosen;
        Client client = connect(EchoService.echo());
        try (var stream = EchoService.bidi(client)) {
            for (int i = 0; i < 3; i++) {
                stream.send("12345678");
                assertThat(stream.recv()).isEqualTo("12345678");
            }
            assertThat(sum("streamx_calls_active", "side", "client", "method", "Bidi"))
                    .isEqualTo(1);
            assertThat(sum("streamx_calls_active", "side", "server", "method", "Bidi"))
                    .isEqualTo(1);
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        awaitFinishedAtServer(1);
        int bytes = 3 * EchoService.encoded("12345678").length;
        for (String side : List.of("client", "server")) {
            String[] labels = {
                "side",
                side,
                "service",
                "EchoService",
                "method",
                "Bidi",
                "mode",
                "bidirectional",
                "transport",
                chosen == Transport.GRPC ? "grpc" : "ttheader"
            };
            assertThat(sum("streamx_calls_active", labels)).isZero();
            assertThat(sum("streamx_calls_duration_seconds_count", with(labels, "code", "ok")))
                    .isEqualTo(1);
            assertThat(sum("streamx_calls_first_message_seconds_count", labels)).isEqualTo(1);
            assertThat(sum("streamx_calls_message_gap_seconds_count", labels)).isEqualTo(2);
            for (String direction : List.of("sent", "received")) {
                assertThat(sum("streamx_calls_messages_total", with(labels, "direction", direction)))
                        .isEqualTo(3);
                assertThat(sum("streamx_calls_payload_bytes_total", with(labels, "direction", direction)))
                        .isEqualTo(bytes);
            }
        }
    }

    private static String[] with(String[] labels, String name, String value) {
        List<String> all = new ArrayList<>(List.of(labels));
        all.add(name);
        all.add(value);
        return all.toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void unaryCallsAreCountedByOutcome(Transport chosen) throws Exception {
        transport = chosen;
        Client client = connect(EchoService.with(stream -> {}, request -> {
            switch (request) {
                case "biz" -> throw new BizStatusException(7, "no", Map.of());
                case "fail" -> throw new IllegalStateException("boom");
                default -> {
                    return request;
                }
            }
        }));
        assertThat(client.call(EchoService.SAY, "fine", CallOptions.NONE)).isEqualTo("fine");
        for (String failing : List.of("biz", "fail")) {
            assertThatThrownBy(() -> client.call(EchoService.SAY, failing, CallOptions.NONE))
                    .isInstanceOf(Exception.class);
        }
        awaitFinishedAtServer(3);
        for (String side : List.of("client", "server")) {
            for (String code : List.of("ok", "business_error", "error")) {
                assertThat(sum(
                                "streamx_calls_duration_seconds_count",
                                "side",
                                side,
                                "method",
                                "Say",
                                "mode",
                                "unary",
                                "code",
                                code))
                        .as(side + " " + code)
                        .isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void namesThatPeersMakeUpBecomeOneSeries(Transport chosen) throws Exception {
        transport = chosen;
        Client client = ends.connect(ends.serve(
                EchoService.echo(),
                builder -> builder.install(metrics).callListener(new CallListener() {
                    @Override
                    public void onDone(CallInfo call) {
                        finishedAtServer.release();
                    }
                })));
        for (int i = 0; i < 5; i++) {
            MethodDescriptor<String, String> madeUp = MethodDescriptor.unary(
                    "EchoService", "MadeUp" + i, EchoService.TEXT, UnaryResult.of(EchoService.TEXT));
            assertThatThrownBy(() -> client.call(madeUp, "m", CallOptions.NONE)).isInstanceOf(Exception.class);
        }
        awaitFinishedAtServer(5);
        assertThat(sum("streamx_calls_duration_seconds_count", "method", "unknown", "code", "unknown_method"))
                .isEqualTo(5);
        assertThat(registry.scrape()).doesNotContain("MadeUp");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void timeThatASendWaitsForRoomIsMeasured(Transport chosen) throws Exception {
        transport = chosen;
        CountDownLatch read = new CountDownLatch(1);
        Client client = connect(EchoService.bidi(stream -> {
            read.await();
            while (stream.recv() != null) {
                // The messages are read and nothing more.
            }
        }));
        try (var stream = EchoService.bidi(client)) {
            Thread sender = Thread.ofPlatform().start(() -> {
                String message = "x".repeat(100_000);
                for (int i = 0; i < 200; i++) {
                    stream.send(message);
                }
                stream.closeSend();
            });
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            read.countDown();
            assertThat(stream.recv()).isNull();
            sender.join();
        }
        assertThat(sum("streamx_calls_send_wait_seconds_count", "side", "client", "method", "Bidi"))
                .isPositive();
        assertThat(sum("streamx_calls_send_wait_seconds_sum", "side", "client", "method", "Bidi"))
                .isPositive();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void connectionsAreCountedAsLongAsTheyAreOpen(Transport chosen) throws Exception {
        transport = chosen;
        Client client = connect(EchoService.echo());
        Semaphore closed = new Semaphore(0);
        Client watched = ends.connect(
                ends.serve(EchoService.echo()),
                builder -> builder.install(metrics).connectionListener(new ConnectionListener() {
                    @Override
                    public void onClose(ConnectionInfo connection, String reason) {
                        closed.release();
                    }
                }));
        for (Client one : List.of(client, watched)) {
            one.call(EchoService.SAY, "m", CallOptions.NONE);
        }
        // Openings are told on other threads.
        while (!registry.scrape().contains("streamx_connections_opened_total{service=\"echo\",side=\"client\"} 2.0")) {
            Thread.onSpinWait();
        }
        assertThat(sum("streamx_connections", "side", "client", "service", "echo"))
                .isEqualTo(2);
        assertThat(sum("streamx_connections", "side", "server", "service", "all"))
                .isEqualTo(1);
        watched.close();
        assertThat(closed.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(sum("streamx_connections", "side", "client", "service", "echo"))
                .isEqualTo(1);
        assertThat(sum("streamx_connections_opened_total", "side", "client", "service", "echo"))
                .isEqualTo(2);
    }

    // ---- what reads the scrape ----

    private static String resource(String name) throws IOException {
        try (InputStream in = MicrometerMetrics.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Every metric that an expression names is scraped, and has every label the expression asks for. */
    private void checkAgainstScrape(String expression) {
        List<Sample> samples = scrape();
        List<String> names = Pattern.compile("streamx_[a-z_]+")
                .matcher(expression)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(names).as(expression).isNotEmpty();
        for (String name : names) {
            List<Sample> found =
                    samples.stream().filter(sample -> sample.name.equals(name)).toList();
            assertThat(found).as("%s of %s", name, expression).isNotEmpty();
            Pattern.compile("by \\(([a-z, ]+)\\)|([a-z]+)(?:=~|!~|=|!=)\"")
                    .matcher(expression)
                    .results()
                    .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                    .flatMap(labels -> Pattern.compile(", *").splitAsStream(labels))
                    .forEach(label -> assertThat(found)
                            .as("label %s of %s", label, name)
                            .anyMatch(sample -> sample.labels.containsKey(label)));
        }
    }

    private void makeCalls() throws InterruptedException {
        Client client = connect(EchoService.echo());
        client.call(EchoService.SAY, "m", CallOptions.NONE);
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            stream.recv();
            stream.send("two");
            stream.recv();
            stream.closeSend();
            stream.recv();
        }
        awaitFinishedAtServer(2);
        // Openings of connections are told on other threads.
        while (!registry.scrape().contains("streamx_connections{")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theDashboardAsksForWhatIsThere() throws Exception {
        makeCalls();
        JsonNode dashboard = new ObjectMapper().readTree(resource("grafana-dashboard.json"));
        assertThat(dashboard.path("title").asText()).isNotEmpty();
        List<String> expressions = dashboard.path("panels").findValuesAsText("expr");
        assertThat(expressions).hasSize(dashboard.path("panels").size()).hasSizeGreaterThan(5);
        expressions.forEach(this::checkAgainstScrape);
    }

    @Test
    void theAlertRulesAskForWhatIsThere() throws Exception {
        makeCalls();
        JsonNode file = new ObjectMapper(new YAMLFactory()).readTree(resource("prometheus-alerts.yml"));
        JsonNode rules = file.path("groups").path(0).path("rules");
        assertThat(rules).hasSize(5).allSatisfy(rule -> {
            for (String field : List.of("alert", "expr", "for", "labels", "annotations")) {
                assertThat(rule.has(field)).as("%s of %s", field, rule).isTrue();
            }
            checkAgainstScrape(rule.path("expr").asText());
        });
    }
}
