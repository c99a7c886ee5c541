package io.streamx.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Connect conformance suite against a server and against a client, each in a process of its own. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConformanceTest {
    private static final Path TOOL = Path.of("target", "connectconformance").toAbsolutePath();

    @Test
    void aServerPassesEveryCase() throws Exception {
        assertPassesAll("server", "config.yaml", ServerUnderTest.class, 326);
    }

    @Test
    void aClientPassesEveryCase() throws Exception {
        assertPassesAll("client", "config.yaml", ClientUnderTest.class, 409);
    }

    @Test
    void aServerPassesEveryCaseWithTlsToo() throws Exception {
        assertPassesAll("server", "config-tls.yaml", ServerUnderTest.class, 498);
    }

    @Test
    void aClientPassesEveryCaseWithTlsToo() throws Exception {
        assertPassesAll("client", "config-tls.yaml", ClientUnderTest.class, 646);
    }

    @Test
    void aGatewayPassesEveryCaseOfConnectAndGrpcWebOverHttp1() throws Exception {
        assertPassesAll("server", "config-gateway.yaml", ServerUnderTest.class, 1396);
    }

    @Test
    void aGatewayPassesEveryCaseOfConnectAndGrpcWebOverHttp2() throws Exception {
        assertPassesAll("server", "config-gateway-http2.yaml", ServerUnderTest.class, 1548);
    }

    private static void assertPassesAll(String mode, String config, Class<?> program, int cases) throws Exception {
        Path output = Path.of("target", "conformance-" + mode + "-" + cases + ".txt");
        List<String> command = new ArrayList<>(List.of(TOOL.toString(), "--conf", config, "--mode", mode, "--"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                // The suite reads standard output, where the virtual machine puts its own warnings otherwise.
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                // The suite gives a program little time to start, and starts several side by side.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        Process tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int status = tool.waitFor();
            String said = Files.readString(output);
            assertThat(said)
                    .as("cases of the suite; test/conformance/" + output + " says more")
                    .contains("Total cases: " + cases, cases + " passed, 0 failed");
            assertThat(status).isZero();
        } finally {
            tool.destroyForcibly();
        }
    }
}
