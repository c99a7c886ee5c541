package io.streamx.interop;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * The Kitex peers: builds {@code interop/peer} once for all test classes, starts its servers and its client when first
 * asked for, and ends them after the last test. Without {@code go} the tests that need them are skipped, and the
 * console says so; with {@code go}, a build that fails is a failure.
 */
final class KitexPeers implements BeforeAllCallback {
    private static final Path PEER = Path.of("peer");

    private @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (!goIsThere()) {
            // Standard output belongs to the test report; this line must reach whoever runs the build.
            System.err.println("SKIPPED: " + context.getDisplayName() + ": there is no 'go' on the PATH to build"
                    + " interop/peer with, so nothing in it was tried against real Kitex.");
            throw new TestAbortedException("no 'go' on the PATH (expected: Go 1.24 or newer)");
        }
        running = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(KitexPeers.class))
                .computeIfAbsent(Running.class, unused -> Running.build(), Running.class);
    }

    private static boolean goIsThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "go")));
    }

    /** Address of a Kitex server that calls others by this name. */
    String server(String name) {
        return running().server(name);
    }

    /** Lets the Kitex client play a case. */
    Answer play(Command command) {
        return running().play(command);
    }

    /** A process of its own, for the caller to close. */
    PeerProcess start(String... arguments) {
        Running unused = running(); // built
        return PeerProcess.start(PEER, arguments);
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("no Kitex peers (expected: @RegisterExtension on a static field)");
        }
        return running;
    }

    /**
     * What a Kitex client is to play.
     *
     * @param server what kind of server is at the address: {@code kitex} or {@code java}
     * @param values further placeholders, such as {@code b}
     */
    record Command(@JsonProperty("case") String name, String address, String server, Map<String, String> values) {}

    /**
     * What came of it.
     *
     * @param failure the first line that is not as expected, or why the case did not end; null when it is {@code ok}
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Answer(
            boolean ok,
            @Nullable String failure,
            @Nullable List<String> expected,
            @Nullable List<String> seen) {}

    /** Processes that live until JUnit closes its root store. */
    private static final class Running implements AutoCloseable {
        private final Map<String, String> addresses = new HashMap<>();
        private final List<PeerProcess> processes = new ArrayList<>();
        private @Nullable PeerProcess client;

        static Running build() {
            try {
                Process build = new ProcessBuilder("sh", "build.sh")
                        .directory(PEER.toFile())
                        .redirectErrorStream(true)
                        .start();
                String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int status = build.waitFor();
                if (status != 0) {
                    throw new IllegalStateException("interop/peer/build.sh ended with status " + status + ":\n" + said);
                }
                return new Running();
            } catch (IOException e) {
                throw new IllegalStateException("cannot run interop/peer/build.sh", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while building interop/peer", e);
            }
        }

        synchronized String server(String name) {
            return addresses.computeIfAbsent(name, unused -> {
                PeerProcess process = start("serve", "--name", name);
                return "127.0.0.1:" + process.announcement().get("port").asInt();
            });
        }

        synchronized Answer play(Command command) {
            if (client == null) {
                client = start("call");
            }
            return client.ask(command, Answer.class);
        }

        private PeerProcess start(String... arguments) {
            PeerProcess process = PeerProcess.start(PEER, arguments);
            processes.add(process);
            return process;
        }

        @Override
        public synchronized void close() {
            processes.forEach(PeerProcess::close);
        }
    }
}
