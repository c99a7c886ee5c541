package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server's process is told to end with SIGTERM while calls are running. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class SignalTest extends OnEveryTransport {
    /** What the virtual machine ends with after SIGTERM, 128 and the number of the signal. */
    private static final int TERMINATED = 143;

    /** A server in a process of its own. */
    private record Running(Process process, int port) implements AutoCloseable {
        static Running start(String window) throws IOException {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SignalledServer.class.getName(),
                            window))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader out = process.inputReader();
            String line = out.readLine();
            assertThat(line).startsWith("Serving on port ");
            return new Running(process, Integer.parseInt(line.substring("Serving on port ".length())));
        }

        /** Sends SIGTERM, and waits until the server takes no more connections. */
        void terminate() throws IOException {
            assertThat(process.toHandle().destroy()).isTrue();
            while (true) {
                try (Socket taken = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    Thread.onSpinWait();
                } catch (ConnectException refused) {
                    return;
                }
            }
        }

        int exitValue() throws InterruptedException {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void callsThatRunAreFinishedWithinTheWindow() throws Exception {
        try (Running server = Running.start("PT30S")) {
            Client client = ends.connect(server.port(), plain -> {});
            CompletableFuture<String> unary = client.callAsync(EchoService.SAY, "unary", CallOptions.NONE);
            try (var stream = EchoService.bidi(client)) {
                stream.send("before");
                assertThat(stream.recv()).isEqualTo("before");

                server.terminate();

                stream.send("after");
                assertThat(stream.recv()).isEqualTo("after");
                assertThat(unary).isNotDone();
                stream.send("release");
                assertThat(stream.recv()).isEqualTo("release");
                assertThat(unary.get(20, TimeUnit.SECONDS)).isEqualTo("unary");
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
            assertThat(server.exitValue()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void callsThatOutlastTheWindowAreEndedAndTheProcessWithThem() throws Exception {
        try (Running server = Running.start("PT0.2S")) {
            Client client = ends.connect(server.port(), plain -> {});
            CompletableFuture<String> unary = client.callAsync(EchoService.SAY, "unary", CallOptions.NONE);
            try (var stream = EchoService.bidi(client)) {
                stream.send("before");
                assertThat(stream.recv()).isEqualTo("before");

                server.terminate();

                assertThatThrownBy(stream::recv).satisfies(errors().serverStopped());
                assertThatThrownBy(() -> unary.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            }
            assertThat(server.exitValue()).isEqualTo(TERMINATED);
        }
    }
}
