package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.endpoint.LiveView;
import io.streamx.endpoint.PolicyListener;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.resilience.BreakerPolicy;
import io.streamx.resilience.LimitPolicy;
import io.streamx.resilience.Policies;
import io.streamx.resilience.Resilience;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scrape of Prometheus finds of policies: attempts, refusals, limits and breakers, and how long it finds them. */
@Timeout(60)
class PolicyMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerMetrics metrics = MicrometerMetrics.to(registry);
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void closeAll() throws Exception {
        ends.close();
        registry.close();
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

    @Test
    void extraAttemptsRefusalsAndBreakersAreCounted() {
        PolicyCalls.make(ends, metrics);
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
}
