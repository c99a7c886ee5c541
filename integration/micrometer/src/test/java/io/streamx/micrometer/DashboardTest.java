package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.micrometer.Scrape.Sample;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dashboard and the alert rules ask for nothing that a scrape of Prometheus does not find. */
@Timeout(60)
class DashboardTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerMetrics metrics = MicrometerMetrics.to(registry);
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void closeAll() throws Exception {
        ends.close();
        registry.close();
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
        PolicyCalls.make(ends, metrics);
        // Connections are told of on other threads, and the handlers of servers end after their replies.
        Scrape unused = Scrape.await(
                registry,
                scrape -> scrape.has(number -> number > 0, "streamx_connections")
                        && scrape.has(number -> number > 0, "streamx_calls_duration_seconds_count", "side", "server"));
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
