package io.streamx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.client.Client;
import io.streamx.config.ConfigSource;
import io.streamx.fixtures.EchoService;
import io.streamx.resilience.BreakerPolicy;
import io.streamx.resilience.DegradationPolicy;
import io.streamx.resilience.FailureKind;
import io.streamx.resilience.LimitPolicy;
import io.streamx.resilience.LivePolicies;
import io.streamx.resilience.Policies;
import io.streamx.resilience.RefusedException;
import io.streamx.resilience.Resilience;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testkit.LogLines;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Policies that a config centre holds in Kitex' JSON, applied to a client and a server that run. */
@Timeout(180)
public abstract class ConfigContract {
    private static final AtomicInteger SERVICES = new AtomicInteger();

    private final String service = "configured" + SERVICES.incrementAndGet();

    /** What follows the config centre of the test. */
    protected abstract ConfigSource source();

    /**
     * Puts a document into the config centre, as its own tools would.
     *
     * @param client empty for what is a server's own
     * @param text null to delete the document
     */
    protected abstract void put(String client, String server, String category, @Nullable String text) throws Exception;

    private void put(String category, @Nullable String text) throws Exception {
        put(category.equals("limit") ? "" : "web", service, category, text);
    }

    private static void await(Resilience resilience, Predicate<Policies> expected) {
        while (!expected.test(resilience.effective())) {
            if (Thread.currentThread().isInterrupted()) {
                // The thread was interrupted, because the time of the test is over.
                throw new AssertionError("still " + resilience.effective());
            }
            Thread.onSpinWait();
        }
    }

    private static @Nullable String say(Client client, String text) {
        return client.call(EchoService.SAY, text, CallOptions.NONE);
    }

    @Test
    void everyPolicyOfAClientIsAppliedWhileItRunsAndGoesWithItsDocument() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Resilience resilience = Resilience.of(Policies.NONE);
        try (Server server = Server.builder()
                        .port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .shutdownWindow(Duration.ofMillis(100))
                        .service(EchoService.with(stream -> {}, request -> {
                            int call = calls.incrementAndGet();
                            if (request.equals("hang") || (request.equals("hang once") && call == 1)) {
                                never.await();
                            }
                            return request;
                        }))
                        .start();
                Client client = Client.builder(service)
                        .address("127.0.0.1:" + server.port())
                        .install(resilience)
                        .build();
                LivePolicies live = LivePolicies.ofClient(resilience, source(), "web", service)) {
            assertThat(say(client, "m")).isEqualTo("m");

            put("rpc_timeout", "{\"*\":{\"conn_timeout_ms\":700,\"rpc_timeout_ms\":200}}");
            await(resilience, policies -> !policies.timeouts().isEmpty());
            assertThat(resilience.effective().connectTimeout()).isEqualTo(Duration.ofMillis(700));
            assertThatThrownBy(() -> say(client, "hang"))
                    .satisfies(failure -> assertThat(FailureKind.of(failure)).isEqualTo(FailureKind.TIMEOUT));

            put(
                    "retry",
                    "{\"*\":{\"enable\":true,\"type\":0,\"failure_policy\":{\"stop_policy\":{\"max_retry_times\":2}}}}");
            await(resilience, policies -> !policies.retries().isEmpty());
            calls.set(0);
            assertThat(say(client, "hang once")).isEqualTo("hang once");
            assertThat(calls).hasValue(2);

            put("retry", "{\"Say\":{\"enable\":true,\"type\":1,\"backup_policy\":{\"retry_delay_ms\":10}}}");
            await(resilience, policies -> !policies.backups().isEmpty());
            calls.set(0);
            assertThat(say(client, "hang once")).isEqualTo("hang once");
            assertThat(calls).hasValue(2);

            // A document that cannot be read is a line in the log, and the policies stay as they are.
            Policies before = resilience.effective();
            try (LogLines log = new LogLines()) {
                put("retry", "{\"Say\":{\"enable\":true,\"type\":9}}");
                log.await("changes nothing");
                assertThat(log.containing("changes nothing"))
                        .singleElement()
                        .asString()
                        .contains("type: 9 (expected: 0 for failure, 1 for backup)")
                        .contains(service);
            }
            assertThat(resilience.effective()).isEqualTo(before);

            put("retry", null);
            await(resilience, policies -> policies.backups().isEmpty());
            put("circuit_break", "{\"*\":{\"enable\":true,\"err_rate\":0.3,\"min_sample\":3}}");
            await(resilience, policies -> !policies.breakers().isEmpty());
            assertThat(resilience.effective().breakers()).isEqualTo(Map.of("*", BreakerPolicy.of(0.3, 3)));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> say(client, "hang")).isNotInstanceOf(RefusedException.class);
            }
            assertThatThrownBy(() -> say(client, "m"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("its circuit breaker is OPEN");
            put("circuit_break", null);
            await(resilience, policies -> policies.breakers().isEmpty());
            assertThat(say(client, "m")).isEqualTo("m");

            put("degradation", "{\"enable\":true,\"percentage\":100}");
            await(resilience, policies -> policies.degradation() != null);
            assertThat(resilience.effective().degradation()).isEqualTo(new DegradationPolicy(100));
            assertThatThrownBy(() -> say(client, "m"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("100 % of the calls are not made");
            put("degradation", null);
            put("rpc_timeout", null);
            await(resilience, Policies.NONE::equals);
            assertThat(say(client, "m")).isEqualTo("m");
            assertThat(live).isNotNull();
        }
    }

    @Test
    void aLimitOfAServerIsAppliedWhileItRuns() throws Exception {
        Resilience resilience = Resilience.of(Policies.NONE);
        try (Server server = Server.builder()
                        .port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .service(EchoService.echo())
                        .install(resilience)
                        .start();
                Client client = Client.builder(service)
                        .address("127.0.0.1:" + server.port())
                        .build();
                LivePolicies live = LivePolicies.ofServer(resilience, source(), service)) {
            put("limit", "{\"connection_limit\":100,\"qps_limit\":2}");
            await(resilience, policies -> policies.limit() != null);
            assertThat(resilience.effective().limit()).isEqualTo(new LimitPolicy(100, 2));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100_000; i++) {
                            say(client, "m");
                        }
                    })
                    .hasMessageContaining("was refused: 2 calls began in this second, the server's limit");
            put("limit", null);
            await(resilience, policies -> policies.limit() == null);
            for (int i = 0; i < 50; i++) {
                assertThat(say(client, "m")).isEqualTo("m");
            }
            assertThat(live).isNotNull();
        }
    }
}
