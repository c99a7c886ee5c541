package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.discovery.Registry;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server in a process of its own, which is told to end. */
@Timeout(120)
class LeavesAtSigtermTest {
    /** The process: registers with its standard output, and waits for ever. */
    static final class Serving {
        public static void main(String[] arguments) throws InterruptedException {
            boolean stillRegisters = List.of(arguments).contains("still-registers");
            CountDownLatch ends = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(ends::countDown));
            Registry registry = (service, self) -> {
                System.out.println("registered " + service);
                if (stillRegisters) {
                    await(ends);
                }
                return () -> System.out.println("deregistered " + service);
            };
            try (Server server = Server.builder()
                    .port(0)
                    .bindAddress(InetAddress.getLoopbackAddress())
                    .service(EchoService.echo())
                    .registry(registry)
                    .start()) {
                server.awaitTermination();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The process is told to end once the server is up, and while the registry is still at work. */
    @ParameterizedTest
    @ValueSource(strings = {"has-registered", "still-registers"})
    void aServerInARegistryLeavesItWhenItsProcessIsToldToEnd(String when) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Serving.class.getName(),
                        when))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("registered EchoService");
            boolean asked = process.toHandle().destroy();
            assertThat(asked).isTrue();
            assertThat(output.readLine()).isEqualTo("deregistered EchoService");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
