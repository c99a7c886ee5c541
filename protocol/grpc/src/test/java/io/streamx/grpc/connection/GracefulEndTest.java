package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ServerStreamingServer;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever ends a connection on good terms, what was written before arrives: replies of a megabyte and their trailers. */
@Timeout(180)
class GracefulEndTest {
    /** Four streams each; {@code -Dgraceful.rounds=60} makes 240 of it. */
    private static final int ROUNDS = Integer.getInteger("graceful.rounds", 12);

    private static final int STREAMS = 4;
    private static final int MESSAGES = 20;
    private static final String MESSAGE = "x".repeat(50_000);

    private static final ServiceDefinition SERVICE =
            EchoService.with(stream -> {}, stream -> {}, GracefulEndTest::reply, request -> MESSAGE.repeat(40));

    @TempDir
    Path directory;

    private static void reply(String request, ServerStreamingServer<String> stream) {
        for (int i = 0; i < MESSAGES; i++) {
            stream.send(MESSAGE);
        }
    }

    private static int receive(Client client, Runnable afterFirst) {
        int received = 0;
        try (var stream = client.serverStreaming(EchoService.PRODUCE, "", CallOptions.NONE)) {
            while (stream.recv() != null) {
                if (received++ == 0) {
                    afterFirst.run();
                }
            }
        }
        return received;
    }

    private static Client.Builder client(Server server) {
        return Client.builder("echo")
                .address("127.0.0.1:" + server.port())
                .transport(Transport.GRPC)
                .connections(1)
                .connectTimeout(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void streamsAreWholeWhenTheirServerCloses(boolean tls) throws Exception {
        CertificateAuthority authority = new CertificateAuthority(directory, "authority");
        CertificateAuthority.Issued issued = authority.server("localhost");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                Server.Builder serving = Server.builder()
                        .port(0)
                        .shutdownWindow(Duration.ofSeconds(30))
                        .service(SERVICE);
                if (tls) {
                    serving.tls(ServerTls.of(issued.chain(), issued.key()));
                }
                Server server = serving.start();
                Client.Builder calling = client(server);
                if (tls) {
                    calling.address("localhost:" + server.port()).tls(ClientTls.trusting(authority.root()));
                }
                try (server;
                        Client client = calling.build()) {
                    CountDownLatch begun = new CountDownLatch(STREAMS);
                    List<Future<Integer>> streams = new ArrayList<>();
                    for (int i = 0; i < STREAMS; i++) {
                        streams.add(threads.submit(() -> receive(client, begun::countDown)));
                    }
                    begun.await();
                    server.close();
                    for (Future<Integer> stream : streams) {
                        assertThat(stream.get()).as("round %d", round).isEqualTo(MESSAGES);
                    }
                }
            }
        }
    }

    @Test
    void streamsAndLargeRepliesAreWholeWhenConnectionsReachTheirAge() throws Exception {
        try (Server server = Server.builder()
                        .port(0)
                        .transportOptions(GrpcOptions.builder()
                                .maxConnectionAge(Duration.ofMillis(50))
                                .build())
                        .service(SERVICE)
                        .start();
                Client client = client(server).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(threads.submit(() -> {
                    int whole = 0;
                    for (int round = 0; round < 2 * ROUNDS; round++) {
                        assertThat(client.call(EchoService.SAY, "", CallOptions.NONE))
                                .hasSize(40 * MESSAGE.length());
                        whole += receive(client, () -> {});
                    }
                    return whole;
                }));
            }
            for (Future<Integer> stream : streams) {
                assertThat(stream.get()).isEqualTo(2 * ROUNDS * MESSAGES);
            }
        }
    }
}
