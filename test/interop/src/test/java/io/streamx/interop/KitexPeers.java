package io.streamx.interop;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The Kitex peers of {@code interop/peer}: starts its servers and its client when first asked for, and ends them after the
 * last test.
 */
final class KitexPeers implements BeforeAllCallback {
    private static final GoModule MODULE = new GoModule("peer");

    private @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        MODULE.beforeAll(context);
        running = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(KitexPeers.class))
                .computeIfAbsent(Running.class, unused -> new Running(), Running.class);
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
        return MODULE.start("peer", arguments);
    }

    /** A Kitex server that has no gzip, as a process of its own, for the caller to close. */
    PeerProcess startServerWithoutGzip() {
        return MODULE.start("peer-without-gzip", "serve");
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
            PeerProcess process = MODULE.start("peer", arguments);
            processes.add(process);
            return process;
        }

        @Override
        public synchronized void close() {
            processes.forEach(PeerProcess::close);
        }
    }
}
