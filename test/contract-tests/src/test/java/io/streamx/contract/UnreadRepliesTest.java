package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A server with 64 MiB of heap and 64 MiB of direct memory, and peers that ask for far more than that and take nothing: it lives,
 * and serves others.
 */
@Timeout(300)
class UnreadRepliesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    /** What peers ask for and do not take is bounded, whatever they ask for it by; calls beside them go on. */
    @ParameterizedTest
    @CsvSource({
        "FRAMED, 40, 1, 2000000",
        "MULTIPLEXED, 4, 100, 2000000",
        "GRPC_UNREAD, 4, 100, 2000000",
        "GRPC_WITHOUT_WINDOW, 4, 200, 2000000",
        "GRPC_BEGUN_REQUESTS, 40, 30, 250000",
        "GRPC_LARGE_HEADS, 4, 5000, 7000",
        "TTHEADER_LARGE_HEADS, 4, 2000, 60000"
    })
    void repliesThatNobodyTakesEndNobody(UnreadReplies.How how, int connections, int calls, int bytes)
            throws Exception {
        SmallProcesses processes = new SmallProcesses(folder);
        Process server = processes.start(SmallProcesses.SMALL, FirehoseHandler.class, List.of());
        List<Socket> sockets = new ArrayList<>();
        try (BufferedReader said = server.inputReader();
                OutputStream input = server.getOutputStream();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = FirehoseHandler.portIn(String.valueOf(said.readLine()));
            try (Client client = connect(port)) {
                assertThat(client.call(EchoService.SAY, "before", CallOptions.NONE))
                        .isEqualTo("before");
                List<Future<Socket>> asked = new ArrayList<>();
                for (int i = 0; i < connections; i++) {
                    asked.add(threads.submit(() -> UnreadReplies.ask(port, how, calls, bytes)));
                }
                // Some cannot send all, because the server reads no more of them.
                say(client, "beside");
                for (Future<Socket> socket : asked) {
                    try {
                        sockets.add(socket.get(2, TimeUnit.SECONDS));
                    } catch (TimeoutException | ExecutionException notAllWasTaken) {
                        socket.cancel(true);
                    }
                }
                say(client, "then");
                try (var stream = EchoService.bidi(client)) {
                    stream.send(FirehoseHandler.MEMORY);
                    System.out.println(
                            "UNREAD " + how + " " + connections + " x " + calls + " x " + bytes + ": " + stream.recv());
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            processes.assertEndsWell(server, input);
        } finally {
            server.destroyForcibly();
        }
    }

    /** Calls are served; while memory is short they may be refused with an answer, until the peers that hold it are cut off. */
    private static void say(Client client, String text) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        int served = 0;
        while (served < 20) {
            try {
                assertThat(client.call(EchoService.SAY, text, CallOptions.NONE.withTimeout(PATIENCE)))
                        .isEqualTo(text);
                served++;
            } catch (RpcException refused) {
                assertThat(refused).hasMessageContaining("out of memory for messages");
                assertThat(System.nanoTime())
                        .as("%s served of %s", served, text)
                        .isLessThan(until);
            }
        }
    }

    private static Client connect(int port) {
        return Client.builder("echo")
                .address("127.0.0.1:" + port)
                .connections(1)
                .connectTimeout(PATIENCE)
                .connectionWait(PATIENCE)
                .build();
    }
}
