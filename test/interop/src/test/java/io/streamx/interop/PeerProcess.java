package io.streamx.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One running program that serves or calls: a line of JSON in, a line of JSON out. {@link #close} ends it. */
final class PeerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EXIT_SECONDS = 10;

    private final String command;
    private final Process process;
    private final BufferedWriter input;
    private final BufferedReader output;

    private PeerProcess(String command, Process process) {
        this.command = command;
        this.process = process;
        input = process.outputWriter(StandardCharsets.UTF_8);
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a program; its standard error is this process's. */
    static PeerProcess start(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        try {
            return new PeerProcess(
                    String.join(" ", command),
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + String.join(" ", command), e);
        }
    }

    /** Writes one line and reads its answer. One at a time. */
    synchronized <T> T ask(Object question, Class<T> answer) {
        try {
            input.write(JSON.writeValueAsString(question));
            input.newLine();
            input.flush();
            return JSON.readValue(line(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(command + ": " + question, e);
        }
    }

    /** The next line the peer says of itself. */
    synchronized JsonNode announcement() {
        try {
            return JSON.readTree(line());
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        }
    }

    /** Waits until the process ends by itself, and gives its exit status. */
    int awaitExit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(command + " did not end within " + patience);
        }
        return process.exitValue();
    }

    private String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the peer has ended (expected: a line of JSON)");
        }
        return line;
    }

    /** The peers end with their standard input; one that does not is killed. */
    @Override
    public void close() {
        try {
            input.close();
            if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end within " + EXIT_SECONDS + " s; killed");
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
