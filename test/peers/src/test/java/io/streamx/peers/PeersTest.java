package io.streamx.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients and servers of gRPC in Python and Node against ours; {@code build.sh} installs them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeersTest {
    /** A library, with what is known not to hold of it. */
    enum Library {
        GRPCIO("target/venv/bin/python", "target/python/grpcio_", ".py", true),
        /** Its client closes the connection at any GOAWAY, and its server those of calls that run. */
        GRPCLIB("target/venv/bin/python", "target/python/grpclib_", ".py", false),
        GRPC_JS("node", "target/node/grpc-js-", ".js", true),
        CONNECT_NODE("node", "target/node/connect-", ".js", true),
        /** Built by command alone. Its server has no trailers of calls that go well. */
        TONIC("", "target/tonic/debug/", "", true);

        private final String runtime;
        private final String beginning;
        private final String end;
        private final boolean closesInOrder;

        Library(String runtime, String beginning, String end, boolean closesInOrder) {
            this.runtime = runtime;
            this.beginning = beginning;
            this.end = end;
            this.closesInOrder = closesInOrder;
        }

        Process start(String role, String... arguments) {
            Path program = Path.of(beginning + role + end);
            Assumptions.assumeTrue(
                    Files.exists(program), () -> "SKIPPED: " + this + " was not installed; build.sh says why");
            List<String> command = new ArrayList<>(runtime.isEmpty() ? List.of() : List.of(runtime));
            command.add(program.toString());
            command.addAll(List.of(arguments));
            try {
                return new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start " + command, e);
            }
        }
    }

    private interface Case {
        void play(JavaClientCases cases) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void itsClientPlaysEveryCaseWithOurServer(Library library) throws Exception {
        try (PeerServer server = new PeerServer()) {
            Process client = library.start("client", Integer.toString(server.port()));
            try {
                List<String> outcomes =
                        client.inputReader(StandardCharsets.UTF_8).lines().toList();
                assertThat(client.waitFor()).as("%s: %s", library, outcomes).isZero();
                assertThat(outcomes)
                        .hasSize(library.closesInOrder ? 11 : 10)
                        .allMatch(outcome -> outcome.endsWith(" ok"));
            } finally {
                client.destroyForcibly();
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> ourClientPlaysEveryCaseWithItsServer() {
        return Stream.of(Library.values())
                .map(library -> dynamicTest(library.toString(), () -> {
                    Process server = library.start("server");
                    try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
                            JavaClientCases cases = new JavaClientCases(Integer.parseInt(said.readLine()))) {
                        for (Case played : List.<Case>of(
                                JavaClientCases::say,
                                JavaClientCases::longAndForeignTexts,
                                JavaClientCases::details,
                                JavaClientCases::largeTrailers,
                                played -> played.metadata(library != Library.TONIC),
                                JavaClientCases::deadline,
                                JavaClientCases::cancels,
                                JavaClientCases::largeMessages,
                                JavaClientCases::streams)) {
                            played.play(cases);
                        }
                        if (library.closesInOrder) {
                            cases.shutdown();
                        }
                    } finally {
                        server.destroyForcibly();
                    }
                }));
    }
}
