package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a scrape of Prometheus finds after real calls. */
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

    private double sum(String name, String... labels) {
        return Scrape.of(registry).sum(name, labels);
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
}
