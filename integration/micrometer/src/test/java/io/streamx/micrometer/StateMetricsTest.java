package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scrape of Prometheus finds of queues, instances, and limits of servers. */
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
            Scrape full = Scrape.await(
                    registry,
                    scrape -> scrape.has(bytes -> bytes > 0, "streamx_connections_queue_bytes", unsent)
                            && scrape.has(bytes -> bytes > 0, "streamx_connections_queue_bytes", unread)
                            && scrape.has(bytes -> bytes > 0, "streamx_memory_held_bytes"));
            assertThat(full.sum("streamx_memory_limit_bytes")).isGreaterThan(full.sum("streamx_memory_held_bytes"));
            read.countDown();
            assertThat(stream.recv()).isNull();
            sender.join();
        }
        Scrape unused = Scrape.await(
                registry,
                scrape -> scrape.has(bytes -> bytes == 0, "streamx_connections_queue_bytes", unsent)
                        && scrape.has(bytes -> bytes == 0, "streamx_connections_queue_bytes", unread));
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
        Scrape found = Scrape.await(registry, scrape -> {
            assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
            return scrape.has(number -> number == 1, "streamx_instances", "state", "avoided");
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
}
