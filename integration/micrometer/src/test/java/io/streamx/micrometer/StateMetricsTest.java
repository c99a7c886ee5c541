package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.streamx.ApplicationException;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.endpoint.LiveView;
import io.streamx.endpoint.PolicyListener;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.micrometer.Scrape.Sample;
import io.streamx.resilience.BackOff;
import io.streamx.resilience.BackupPolicy;
import io.streamx.resilience.BreakerPolicy;
import io.streamx.resilience.FailureKind;
import io.streamx.resilience.LimitPolicy;
import io.streamx.resilience.Policies;
import io.streamx.resilience.Resilience;
import io.streamx.resilience.RetryPolicy;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a scrape of Prometheus finds of queues, instances, limits and policies, and that dashboard and alert rules ask for nothing
 * that is not there.
 */
@Timeout(60)
class StateMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerMetrics metrics = MicrometerMetrics.to(registry);
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void closeAll() throws Exception {
        ends.close();
        registry.close();
    }

    /** The scrape, as soon as it is as expected: connections are told of on other threads. */
    private Scrape await(Predicate<Scrape> expected) {
        while (true) {
            Scrape scrape = Scrape.of(registry);
            if (expected.test(scrape)) {
                return scrape;
            }
        }
    }

    private static boolean has(Scrape scrape, Predicate<Double> value, String name, String... labels) {
        List<Sample> found = scrape.find(name, labels);
        return !found.isEmpty()
                && value.test(found.stream().mapToDouble(Sample::value).sum());
    }

    @Test
    void whatWaitsOnConnectionsIsMeasuredAtBothEnds() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Client client = ends.connect(
                ends.serve(
                        EchoService.bidi(stream -> {
                            read.await();
                            while (stream.recv() != null) {
                                // The messages are read and nothing more.
                            }
                        }),
                        builder -> builder.install(metrics)),
                builder -> builder.install(metrics));
        String[] unsent = {"side", "client", "service", "echo", "direction", "sent"};
        String[] unread = {"side", "server", "service", "all", "direction", "received"};
        try (var stream = EchoService.bidi(client)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                String message = "x".repeat(100_000);
                for (int i = 0; i < 200; i++) {
                    stream.send(message);
                }
                stream.closeSend();
            });
            Scrape full = await(scrape -> has(scrape, bytes -> bytes > 0, "streamx_connections_queue_bytes", unsent)
                    && has(scrape, bytes -> bytes > 0, "streamx_connections_queue_bytes", unread)
                    && has(scrape, bytes -> bytes > 0, "streamx_memory_held_bytes"));
            assertThat(full.sum("streamx_memory_limit_bytes")).isGreaterThan(full.sum("streamx_memory_held_bytes"));
            read.countDown();
            assertThat(stream.recv()).isNull();
            sender.join();
        }
        Scrape unused = await(scrape -> has(scrape, bytes -> bytes == 0, "streamx_connections_queue_bytes", unsent)
                && has(scrape, bytes -> bytes == 0, "streamx_connections_queue_bytes", unread));
    }

    @Test
    void instancesAreCountedByWhatTheirClientKnowsOfThem() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Client client = ends.connect(
                ends.serve(EchoService.echo()),
                builder -> builder.address("127.0.0.1:" + closed).install(metrics));
        assertThat(Scrape.of(registry).sum("streamx_instances", "service", "echo", "state", "known"))
                .isZero();
        // An instance is avoided for a moment at first, and for longer with each call that finds it gone again.
        Scrape found = await(scrape -> {
            assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
            return has(scrape, number -> number == 1, "streamx_instances", "state", "avoided");
        });
        assertThat(found.sum("streamx_instances", "service", "echo", "state", "known"))
                .isEqualTo(2);
    }

    @Test
    void instancesAreThereAsLongAsAClientOfTheirServiceIs() {
        Server server = ends.serve(EchoService.echo());
        String[] known = {"service", "echo", "state", "known"};
        try (Client first = Client.builder("echo")
                .address("127.0.0.1:" + server.port())
                .install(metrics)
                .build()) {
            try (Client second = Client.builder("echo")
                    .address("127.0.0.1:" + server.port())
                    .install(metrics)
                    .build()) {
                assertThat(first.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
                assertThat(second.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
            }
            assertThat(Scrape.of(registry).sum("streamx_instances", known)).isEqualTo(1);
        }
        assertThat(Scrape.of(registry).find("streamx_instances")).isEmpty();
    }

    @Test
    void limitsOfServersAreThereAsLongAsTheServerIs() throws Exception {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.install(metrics).maxConnections(7).maxRunningCalls(3));
        String port = Integer.toString(server.port());
        Client client = ends.connect(server);
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            Scrape scrape = Scrape.of(registry);
            assertThat(scrape.sum("streamx_server_limit", "port", port, "limit", "connections"))
                    .isEqualTo(7);
            assertThat(scrape.sum("streamx_server_limit_used", "port", port, "limit", "connections"))
                    .isEqualTo(1);
            assertThat(scrape.sum("streamx_server_limit", "port", port, "limit", "running_calls"))
                    .isEqualTo(3);
            assertThat(scrape.sum("streamx_server_limit_used", "port", port, "limit", "running_calls"))
                    .isEqualTo(1);
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        server.close();
        assertThat(Scrape.of(registry).find("streamx_server_limit")).isEmpty();
    }

    @Test
    void serversWithinTheProcessHaveLimitsAndNoPort() {
        Server.Builder first = Server.builder().inProcess("limits-one").service(EchoService.echo());
        Server.Builder second = Server.builder().inProcess("limits-two").service(EchoService.echo());
        String[] tags = {"port", "in-process", "limit", "connections"};
        try (Server one = first.maxConnections(7).install(metrics).start()) {
            try (Server two = second.maxConnections(4).install(metrics).start()) {
                assertThat(Scrape.of(registry).sum("streamx_server_limit", tags))
                        .isEqualTo(11);
                assertThat(two.status().port()).isZero();
            }
            assertThat(Scrape.of(registry).sum("streamx_server_limit", tags)).isEqualTo(7);
            assertThat(one.status().services()).isNotEmpty();
        }
        assertThat(Scrape.of(registry).find("streamx_server_limit")).isEmpty();
    }

    @Test
    void theLimitOfPoliciesThatTwoClientsShareIsCountedOnce() throws Exception {
        Resilience shared = Resilience.of(Policies.NONE.withLimit(new LimitPolicy(10, 0)));
        Server server = ends.serve(EchoService.echo());
        for (int i = 0; i < 2; i++) {
            Client client =
                    ends.connect(server, builder -> builder.install(shared).install(metrics));
            assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        }
        assertThat(Scrape.of(registry).sum("streamx_policy_calls_limit", "side", "client"))
                .isEqualTo(10);
    }

    @Test
    void whoInstallsMetricsLastHearsOfBreakersThatThereAre() throws Exception {
        Resilience shared = Resilience.of(Policies.NONE.withBreaker("*", BreakerPolicy.of(0.5, 3)));
        Server server = ends.serve(EchoService.echo());
        Client unseen = ends.connect(server, builder -> builder.install(shared));
        assertThat(unseen.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        Client seen = ends.connect(server, builder -> builder.install(shared).install(metrics));
        assertThat(Scrape.of(registry).sum("streamx_breakers", "state", "closed"))
                .isEqualTo(1);
        assertThat(seen.status().service()).isNotEmpty();
    }

    @Test
    void seriesOfPoliciesEndWithTheLastEndThatHasThem() throws Exception {
        LiveView view = new LiveView();
        Resilience shared = Resilience.of(
                Policies.NONE.withLimit(new LimitPolicy(10, 0)).withBreaker("*", BreakerPolicy.of(0.5, 3)));
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.install(shared).install(metrics).install(view));
        Client first = ends.connect(
                server, builder -> builder.install(shared).install(metrics).install(view));
        Client second = ends.connect(
                server, builder -> builder.install(shared).install(metrics).install(view));
        assertThat(first.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        assertThat(second.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");

        first.close();
        assertThat(Scrape.of(registry).find("streamx_breakers")).hasSize(3);
        assertThat(Scrape.of(registry).sum("streamx_policy_calls_limit", "side", "client"))
                .isEqualTo(10);
        assertThat(view.breakers()).hasSize(1);
        assertThat(view.limits()).hasSize(2);

        second.close();
        assertThat(Scrape.of(registry).find("streamx_breakers")).isEmpty();
        assertThat(Scrape.of(registry).find("streamx_policy_calls_limit", "side", "client"))
                .isEmpty();
        assertThat(view.breakers()).isEmpty();
        assertThat(view.limits()).hasSize(1);

        server.close();
        assertThat(Scrape.of(registry).find("streamx_policy_calls_limit")).isEmpty();
        assertThat(Scrape.of(registry).find("streamx_policy_calls_running")).isEmpty();
        assertThat(view.limits()).isEmpty();
    }

    @Test
    void theSeriesOfAnInstanceEndWhenItHasGone() throws Exception {
        LiveView view = new LiveView();
        Server left = ends.serve(EchoService.echo());
        Server stays = ends.serve(EchoService.echo());
        Resilience resilience = Resilience.of(Policies.NONE.withBreaker("*", BreakerPolicy.of(0.5, 3)));
        CompletableFuture<Resolver.Listener> listening = new CompletableFuture<>();
        Client client = ends.add(Client.builder("echo")
                .resolver((service, listener) -> {
                    listener.onInstances(List.of(instance(left), instance(stays)));
                    listening.complete(listener);
                    return () -> {};
                })
                .balancer(resilience.balancer(Balancer.roundRobin()))
                .install(resilience)
                .install(metrics)
                .install(view)
                .build());
        for (int i = 0; i < 4; i++) {
            assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        }
        assertThat(breakersOf(view)).containsExactlyInAnyOrder("EchoService.Say", of(left), of(stays));

        // No call has to be made for that.
        listening.get(20, TimeUnit.SECONDS).onInstances(List.of(instance(stays)));
        assertThat(breakersOf(view)).containsExactlyInAnyOrder("EchoService.Say", of(stays));
        assertThat(Scrape.of(registry).find("streamx_breakers", "breaker", of(left)))
                .isEmpty();
        assertThat(Scrape.of(registry).find("streamx_breakers", "breaker", of(stays)))
                .hasSize(3);

        listening.get(20, TimeUnit.SECONDS).onInstances(List.of());
        assertThat(breakersOf(view)).containsExactly("EchoService.Say");
        listening.get(20, TimeUnit.SECONDS).onInstances(List.of(instance(left), instance(stays)));
        for (int i = 0; i < 4; i++) {
            assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        }
        assertThat(breakersOf(view)).containsExactlyInAnyOrder("EchoService.Say", of(left), of(stays));
    }

    private static Instance instance(Server server) {
        return Instance.of("127.0.0.1:" + server.port());
    }

    private static String of(Server server) {
        return "instance 127.0.0.1:" + server.port();
    }

    private static List<String> breakersOf(LiveView view) {
        return view.breakers().stream().map(PolicyListener.Breaker::name).toList();
    }

    /** Calls that policies make once more, refuse, and stop for a while. */
    private void underPolicies() {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(1);
        Server server = ends.serve(
                EchoService.with(stream -> {}, request -> {
                    int number = calls.incrementAndGet();
                    if (request.equals("slow first") && number == 1) {
                        answered.await();
                    } else if (request.equals("slow first")) {
                        answered.countDown();
                    } else if (request.equals("fail")) {
                        throw new ApplicationException(6, "no");
                    }
                    return request;
                }),
                builder -> builder.install(metrics)
                        .maxConnections(100)
                        .install(Resilience.of(Policies.NONE.withLimit(new LimitPolicy(10, 0)))));
        Client backed = ends.connect(
                server,
                builder -> builder.install(metrics)
                        .install(Resilience.of(
                                Policies.NONE.withBackup("*", BackupPolicy.after(Duration.ofMillis(20))))));
        assertThat(backed.call(EchoService.SAY, "slow first", CallOptions.NONE)).isEqualTo("slow first");
        // Installed before the metrics, which hear of the breakers all the same.
        Client retrying = ends.connect(
                server,
                builder -> builder.install(Resilience.of(Policies.NONE
                                .withRetry(
                                        "*",
                                        new RetryPolicy(
                                                3, Duration.ZERO, BackOff.NONE, Set.of(FailureKind.APPLICATION), 1.0))
                                .withBreaker("*", BreakerPolicy.of(0.5, 3))))
                        .install(metrics));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> retrying.call(EchoService.SAY, "fail", CallOptions.NONE))
                    .isInstanceOf(Exception.class);
        }
    }

    @Test
    void extraAttemptsRefusalsAndBreakersAreCounted() {
        underPolicies();
        Scrape scrape = Scrape.of(registry);
        String[] say = {"service", "EchoService", "method", "Say"};
        assertThat(scrape.find("streamx_calls_extra_attempts_total", say))
                .extracting(sample -> sample.labels().get("reason") + " " + sample.value())
                .containsExactlyInAnyOrder("backup 1.0", "retry 2.0");
        assertThat(scrape.find("streamx_calls_refused_total", say))
                .extracting(sample ->
                        sample.labels().get("side") + " " + sample.labels().get("reason") + " " + sample.value())
                .containsExactly("client breaker 1.0");
        assertThat(scrape.find("streamx_breakers", "breaker", "EchoService.Say"))
                .extracting(sample -> sample.labels().get("state") + " " + sample.value())
                .containsExactlyInAnyOrder("closed 0.0", "open 1.0", "half_open 0.0");
        assertThat(scrape.sum("streamx_policy_calls_limit", "side", "server")).isEqualTo(10);
        assertThat(scrape.sum("streamx_policy_calls_running", "side", "client")).isZero();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = MicrometerMetrics.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Every metric that an expression names is scraped, and has every label the expression asks for. */
    private void checkAgainstScrape(String expression) {
        Scrape scrape = Scrape.of(registry);
        List<String> names = Pattern.compile("streamx_[a-z_]+")
                .matcher(expression)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(names).as(expression).isNotEmpty();
        for (String name : names) {
            List<Sample> found = scrape.find(name);
            assertThat(found).as("%s of %s", name, expression).isNotEmpty();
            Pattern.compile("by \\(([a-z, ]+)\\)|([a-z]+)(?:=~|!~|=|!=)\"")
                    .matcher(expression)
                    .results()
                    .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                    .flatMap(labels -> Pattern.compile(", *").splitAsStream(labels))
                    .forEach(label -> assertThat(found)
                            .as("label %s of %s", label, name)
                            .anyMatch(sample -> sample.labels().containsKey(label)));
        }
    }

    private void makeCalls() throws Exception {
        Client client = ends.connect(
                ends.serve(EchoService.echo(), builder -> builder.install(metrics)),
                builder -> builder.install(metrics));
        client.call(EchoService.SAY, "m", CallOptions.NONE);
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            stream.recv();
            stream.send("two");
            stream.recv();
            stream.closeSend();
            stream.recv();
        }
        underPolicies();
        // Connections are told of on other threads, and the handlers of servers end after their replies.
        Scrape unused = await(scrape -> has(scrape, number -> number > 0, "streamx_connections")
                && has(scrape, number -> number > 0, "streamx_calls_duration_seconds_count", "side", "server"));
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
        assertThat(rules).hasSize(9).allSatisfy(rule -> {
            for (String field : List.of("alert", "expr", "for", "labels", "annotations")) {
                assertThat(rule.has(field)).as("%s of %s", field, rule).isTrue();
            }
            checkAgainstScrape(rule.path("expr").asText());
        });
    }
}
