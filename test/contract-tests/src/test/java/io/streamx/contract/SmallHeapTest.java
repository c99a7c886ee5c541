package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.contract.FirehoseLoad.Plan;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server with 64 MiB of heap and 64 MiB of direct memory, and a client that has no more, each a process of its own:
 * what floods them ends neither, and calls beside it go on. How long each flood takes is set by
 * {@code -Dstreamx.firehoseSeconds}; docs/reliability.md has the commands.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(TransportUnderTest.class)
@Timeout(900)
class SmallHeapTest {
    private static final int SECONDS = Integer.getInteger("streamx.firehoseSeconds", 2);
    private static final long PATIENCE_SECONDS = 240;
    private static final String SMALL = SmallProcesses.SMALL;
    private static final int LARGE_MESSAGE_BYTES = 15 << 20;

    @Parameter
    TransportUnderTest transport;

    @TempDir
    Path folder;

    private SmallProcesses processes() {
        return new SmallProcesses(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, true, never read",
        "1, 1000, true, never read",
        "40, 25, true, read one a second",
        "1, 200, false, never read",
        "20, 10, false, read one a second"
    })
    void aFloodEndsNobody(int connections, int streams, boolean up, String reader) throws Exception {
        Process server = processes().start(SMALL, FirehoseHandler.class, List.of());
        try (BufferedReader said = server.inputReader();
                OutputStream input = server.getOutputStream()) {
            int port = FirehoseHandler.portIn(String.valueOf(said.readLine()));
            Plan plan = new Plan(transport, port, connections, streams, up, reader, Duration.ofSeconds(SECONDS));
            Process load = processes().start(SMALL, FirehoseLoad.class, plan.arguments());
            try (BufferedReader report = load.inputReader()) {
                String line = report.readLine();
                boolean ended = load.waitFor(PATIENCE_SECONDS + SECONDS, TimeUnit.SECONDS);
                System.out.println(line);
                assertThat(ended).isTrue();
                assertThat(line).startsWith("FIREHOSE").endsWith("failures {}");
                assertThat(load.exitValue()).isZero();
                assertThat(processes().logged(FirehoseLoad.class)).doesNotContain("OutOfMemoryError");
            } finally {
                load.destroyForcibly();
            }
            processes().assertEndsWell(server, input);
        } finally {
            server.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"20, 100"})
    void oneSlowStreamOfEachOfManyConnectionsEndsNobody(int connections, int messages) throws Exception {
        Process server = processes().start(SMALL, FirehoseHandler.class, List.of());
        try (BufferedReader said = server.inputReader();
                OutputStream input = server.getOutputStream()) {
            int port = FirehoseHandler.portIn(String.valueOf(said.readLine()));
            String large = "y".repeat(100_000);
            List<Client> clients = new ArrayList<>();
            try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < connections; i++) {
                    Client client = connect(port);
                    clients.add(client);
                    senders.submit(() -> {
                        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                            stream.send(FirehoseHandler.READ_ONE_A_SECOND);
                            for (int sent = 0; sent < messages; sent++) {
                                stream.send(large);
                            }
                        }
                        return null;
                    });
                }
                for (Client client : clients) {
                    try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                        stream.send("ask");
                        assertThat(stream.recv()).isEqualTo("ask");
                    }
                }
                clients.forEach(Client::close);
            }
            processes().assertEndsWell(server, input);
        } finally {
            server.destroyForcibly();
        }
    }

    /** Where messages are compressed; elsewhere they come as they are, and the bound of the connection holds. */
    @ParameterizedTest
    @CsvSource({"50"})
    void manyMessagesThatAreLargeWhenInflatedAreTakenInTurn(int streams) throws Exception {
        Process server = processes().start("128m", FirehoseHandler.class, List.of());
        try (BufferedReader said = server.inputReader();
                OutputStream input = server.getOutputStream();
                Client client = connect(FirehoseHandler.portIn(String.valueOf(said.readLine())));
                var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            String large = "z".repeat(LARGE_MESSAGE_BYTES);
            List<Future<String>> lengths = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                lengths.add(senders.submit(() -> {
                    try (var stream =
                            client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withCompression("gzip"))) {
                        stream.send(FirehoseHandler.LENGTH);
                        stream.send(large);
                        return String.valueOf(stream.recv());
                    }
                }));
            }
            for (Future<String> length : lengths) {
                assertThat(length.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("" + LARGE_MESSAGE_BYTES);
            }
            processes().assertEndsWell(server, input);
        } finally {
            server.destroyForcibly();
        }
    }

    private Client connect(int port) {
        Client.Builder builder = Client.builder("echo")
                .address("127.0.0.1:" + port)
                .connections(1)
                .connectTimeout(Duration.ofSeconds(20))
                .connectionWait(Duration.ofSeconds(20));
        transport.choose(builder);
        return builder.build();
    }
}
