package io.streamx.grpc.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ServerStreamingClient;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.client.Client;
import io.streamx.grpc.services.HealthService.Status;
import io.streamx.grpc.services.health.v1.HealthCheckRequest;
import io.streamx.grpc.services.health.v1.HealthCheckResponse;
import io.streamx.grpc.services.health.v1.HealthCheckResponse.ServingStatus;
import io.streamx.grpc.services.health.v1.HealthClient;
import io.streamx.grpc.services.health.v1.HealthListRequest;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthServiceTest {
    private final HealthService health = new HealthService();
    private Server server;
    private Client client;
    private HealthClient calls;

    @BeforeEach
    void serve() {
        server = Server.builder().port(0).service(health.definition()).start();
        client = Client.builder("health").address("127.0.0.1:" + server.port()).build();
        calls = new HealthClient(client);
    }

    @AfterEach
    void stop() {
        client.close();
        health.shutDown();
        server.close();
    }

    private static HealthCheckRequest of(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    private ServingStatus check(String service) {
        return calls.check(of(service)).getStatus();
    }

    private static void assertNext(ServerStreamingClient<HealthCheckResponse> watch, ServingStatus status) {
        HealthCheckResponse told = watch.recv();
        assertThat(told).isNotNull();
        assertThat(told.getStatus()).isEqualTo(status);
    }

    @Test
    void theServerServesFromTheStartAndOthersWhenItIsSaid() {
        assertThat(check(HealthService.SERVER)).isEqualTo(ServingStatus.SERVING);
        assertThatThrownBy(() -> check("acme.Echo")).isInstanceOfSatisfying(StatusException.class, e -> {
            assertThat(e.code()).isEqualTo(StatusCode.NOT_FOUND);
            assertThat(e.statusMessage()).isEqualTo("unknown service acme.Echo");
        });

        health.set("acme.Echo", Status.NOT_SERVING);
        assertThat(check("acme.Echo")).isEqualTo(ServingStatus.NOT_SERVING);
        health.set("acme.Echo", Status.UNKNOWN);
        assertThat(check("acme.Echo")).isEqualTo(ServingStatus.UNKNOWN);
        health.forget("acme.Echo");
        assertThatThrownBy(() -> check("acme.Echo")).isInstanceOf(StatusException.class);
    }

    @Test
    void allKnownServicesAreListed() {
        health.set("acme.Echo", Status.NOT_SERVING);

        assertThat(calls.list(HealthListRequest.getDefaultInstance()).getStatusesMap())
                .hasSize(2)
                .hasEntrySatisfying("", one -> assertThat(one.getStatus()).isEqualTo(ServingStatus.SERVING))
                .hasEntrySatisfying(
                        "acme.Echo", one -> assertThat(one.getStatus()).isEqualTo(ServingStatus.NOT_SERVING));
    }

    @Test
    void aWatcherIsToldTheStatusNowAndEachChangeOfIt() {
        try (var watch = calls.watch(of("acme.Echo"))) {
            assertNext(watch, ServingStatus.SERVICE_UNKNOWN);
            health.set("acme.Echo", Status.SERVING);
            assertNext(watch, ServingStatus.SERVING);
            health.set("acme.Other", Status.SERVING);
            health.set("acme.Echo", Status.SERVING);
            health.set("acme.Echo", Status.NOT_SERVING);
            assertNext(watch, ServingStatus.NOT_SERVING);
            health.forget("acme.Echo");
            assertNext(watch, ServingStatus.SERVICE_UNKNOWN);
        }
    }

    @Test
    void watchersOfAServiceShareNothingButTheStatus() {
        try (var one = calls.watch(of(""));
                var other = calls.watch(of(""))) {
            assertNext(one, ServingStatus.SERVING);
            one.cancel("seen enough");
            assertNext(other, ServingStatus.SERVING);
            health.set("", Status.NOT_SERVING);
            assertNext(other, ServingStatus.NOT_SERVING);
        }
    }

    @Test
    void shuttingDownIsToldToWatchersAndEndsThem() {
        health.set("acme.Echo", Status.SERVING);
        try (var watch = calls.watch(of("acme.Echo"));
                var unknown = calls.watch(of("acme.Nothing"))) {
            assertNext(watch, ServingStatus.SERVING);
            assertNext(unknown, ServingStatus.SERVICE_UNKNOWN);

            health.shutDown();

            assertNext(watch, ServingStatus.NOT_SERVING);
            for (var ended : List.of(watch, unknown)) {
                assertThatThrownBy(ended::recv)
                        .isInstanceOfSatisfying(
                                StatusException.class, e -> assertThat(e.code()).isEqualTo(StatusCode.UNAVAILABLE));
            }
        }
        health.set("acme.Echo", Status.SERVING);
        assertThat(check("acme.Echo")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(check("")).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void aWatchHasTheDeadlineOfAnyCall() {
        try (var watch = calls.withTimeout(Duration.ofMillis(200)).watch(of(""))) {
            assertNext(watch, ServingStatus.SERVING);
            assertThatThrownBy(watch::recv)
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED));
        }
    }
}
