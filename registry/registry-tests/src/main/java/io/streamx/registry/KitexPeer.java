package io.streamx.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process with Kitex and its own registry module, in Go. {@link #close} ends it. */
public final class KitexPeer implements AutoCloseable {
    private static final Path FOLDER = Path.of("..", "registry-tests", "peer");
    private static final JsonMapper JSON = new JsonMapper();
    private static final long EXIT_SECONDS = 20;

    private final Process process;
    private final BufferedWriter input;
    private final BufferedReader output;
    private final Map<String, Object> announced;

    private KitexPeer(Process process) {
        this.process = process;
        input = process.outputWriter(StandardCharsets.UTF_8);
        output = process.inputReader(StandardCharsets.UTF_8);
        announced = read(new TypeReference<>() {});
    }

    /** Builds the peer if it is not built; without {@code go} the tests that need it are skipped, and the console says so. */
    public static void build() {
        boolean goIsThere = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(one -> Files.isExecutable(Path.of(one, "go")));
        if (!goIsThere) {
            throw Skipped.because("there is no 'go' on the PATH to build registry/registry-tests/peer with, so nothing "
                    + "was tried against Kitex' own registry modules");
        }
        try {
            Process build = new ProcessBuilder("sh", "build.sh")
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = build.waitFor();
            if (status != 0) {
                throw new IllegalStateException("build.sh of the peer ended with status " + status + ":\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot build the peer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the peer was built", e);
        }
    }

    /** A Kitex server that answers with its name. */
    public static KitexPeer serve(
            String kind, String registry, String service, String name, int weight, String... tags) {
        List<String> arguments =
                new ArrayList<>(List.of("serve", kind, registry, service, name, Integer.toString(weight)));
        arguments.addAll(List.of(tags));
        return start(arguments);
    }

    /** A Kitex client. */
    public static KitexPeer call(String kind, String registry, String service) {
        return start(List.of("call", kind, registry, service));
    }

    private static KitexPeer start(List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of(FOLDER.resolve("bin").resolve("peer").toString()));
        command.addAll(arguments);
        try {
            return new KitexPeer(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** The address that the server listens on. */
    public String address() {
        return String.valueOf(announced.get("address"));
    }

    /** Has the client make {@code calls} calls. Returns how often each server answered, by name. */
    public Map<String, Integer> answers(int calls) {
        try {
            input.write(calls + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the peer has ended", e);
        }
        return read(new TypeReference<>() {});
    }

    private <T> T read(TypeReference<T> type) {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("the peer has ended (expected: a line of JSON)");
            }
            return JSON.readValue(line, type);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the peer did not end within " + EXIT_SECONDS + " s; killed");
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
