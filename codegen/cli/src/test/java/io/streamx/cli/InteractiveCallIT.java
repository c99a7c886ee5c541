package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code streamx call -i} at a pseudo-terminal, which the program script of util-linux makes. */
@Timeout(180)
class InteractiveCallIT {
    private static final int PATIENCE_SECONDS = 120;
    private static final char CTRL_C = '\u0003';
    private static final char CTRL_D = '\u0004';
    private static final String UP = "\u001bOA";

    @TempDir
    Path dir;

    private WordsService words;

    @BeforeEach
    void serve() throws IOException {
        boolean isThere = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "script")));
        assumeThat(isThere)
                .as("no program script on the PATH: nothing is tried at a terminal")
                .isTrue();
        words = new WordsService(dir);
    }

    @AfterEach
    void close() {
        if (words != null) {
            words.close();
        }
    }

    /** A terminal with the command in it. */
    private final class Screen implements AutoCloseable {
        private final Process process;
        private final InputStream out;
        private final OutputStream in;
        private final StringBuilder shown = new StringBuilder();
        private int seen;

        Screen(String method) throws IOException {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            ProcessBuilder command = new ProcessBuilder(
                            "script",
                            "-qfec",
                            // A build in the background has its children ignore Ctrl-C.
                            "stty cols 120 rows 30; exec env --default-signal=INT " + java + " -jar "
                                    + System.getProperty("streamx.cli.jar")
                                    + " call " + words.address() + " Words/" + method
                                    + " --idl words.thrift --connect-timeout 20s -i",
                            "/dev/null")
                    .directory(dir.toFile())
                    .redirectErrorStream(true);
            command.environment().put("TERM", "xterm");
            command.environment().put("XDG_STATE_HOME", dir.resolve("state").toString());
            process = command.start();
            // A read of what it shows can be ended in no other way.
            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .execute(process::destroyForcibly);
            out = process.getInputStream();
            in = process.getOutputStream();
        }

        void type(String text) throws IOException {
            in.write(text.getBytes(StandardCharsets.UTF_8));
            in.flush();
        }

        /** Waits until that text comes after what was waited for before. */
        void await(String text) throws IOException {
            while (shown.indexOf(text, seen) < 0) {
                int next = out.read();
                assertThat(next)
                        .as("expected: %s, at the end of: %s", text, shown)
                        .isNotEqualTo(-1);
                shown.append((char) next);
            }
            seen = shown.indexOf(text, seen) + text.length();
        }

        int exitCode() throws IOException, InterruptedException {
            out.readAllBytes();
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void messagesAreTypedAndRepliesComeAboveThePrompt() throws Exception {
        try (Screen screen = new Screen("chat")) {
            screen.await("> ");
            screen.type("{\"text\":\"one\"}\r");
            screen.await("{\"text\":\"one!\"");
            // Again, out of the history.
            screen.type(UP + "\r");
            screen.await("{\"text\":\"one!\"");
            // A value over two lines.
            screen.type("{\"text\":\r");
            screen.await(". ");
            screen.type("\"two\"}\r");
            screen.await("{\"text\":\"two!\"");
            // What is wrong is not sent, and the stream lives on.
            screen.type("{\"txt\":1}\r");
            screen.await("streamx: bad input: request.txt: Word has no such field");
            screen.type(":help\r");
            screen.await(":cancel");
            screen.type(":close\r");
            assertThat(screen.exitCode()).isZero();
        }
        assertThat(dir.resolve("state/streamx/history"))
                .content()
                .contains("\"one\"")
                .contains("two");
    }

    @Test
    void ctrlCAtThePromptCancelsTheStream() throws Exception {
        try (Screen screen = new Screen("chat")) {
            screen.await("> ");
            screen.type("{\"text\":\"wait\"}\r");
            assertThat(words.entered.await(60, TimeUnit.SECONDS)).isTrue();
            screen.type(String.valueOf(CTRL_C));
            screen.await("streamx: cancelled by Ctrl-C: after 1 messages sent and 0 received: ");
            assertThat(screen.exitCode()).isEqualTo(130);
        }
        assertThat(words.cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theEndOfTheStreamEndsThePromptAndItsFailureIsTold() throws Exception {
        try (Screen screen = new Screen("chat")) {
            screen.await("> ");
            screen.type("{\"text\":\"business\"}\r");
            screen.await("streamx: business error 1001: no such word");
            assertThat(screen.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void ctrlDEndsTheRequestsOfAStreamThatHasOneReply() throws Exception {
        try (Screen screen = new Screen("upload")) {
            screen.await("> ");
            screen.type("{\"text\":\"a\"}\r");
            screen.await("> ");
            screen.type("{\"text\":\"b\"}\r");
            screen.await("> ");
            screen.type(String.valueOf(CTRL_D));
            screen.await("{\"text\":\"a b\"}");
            assertThat(screen.exitCode()).isZero();
        }
    }
}
