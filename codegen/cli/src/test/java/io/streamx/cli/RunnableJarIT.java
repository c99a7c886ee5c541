package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class RunnableJarIT {
    @TempDir
    Path dir;

    private WordsService words;

    @BeforeEach
    void serve() throws IOException {
        words = new WordsService(dir);
    }

    @AfterEach
    void close() {
        words.close();
    }

    private record Run(int exitCode, String output) {}

    private ProcessBuilder command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("streamx.cli.jar")));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
        // What a POSIX system without any setting has.
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private Run run(String... args) throws IOException, InterruptedException {
        return outcome(command(args).redirectErrorStream(true).start());
    }

    private static Run outcome(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    void theJarRunsByItself() throws Exception {
        assertThat(run("--version").output().strip()).isEqualTo("streamx " + System.getProperty("streamx.cli.version"));

        Files.writeString(dir.resolve("a.thrift"), "namespace java com.a\nstruct A {}");
        assertThat(run("gen", "a.thrift")).isEqualTo(new Run(0, "generated 2 files in ." + System.lineSeparator()));
        assertThat(dir.resolve("com/a/A.java")).exists();

        Files.writeString(dir.resolve("a.thrift"), "struct A {");
        Run broken = run("gen", "a.thrift");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.output()).startsWith("a.thrift:1:11: unexpected end of file in struct A (expected: '}')");
    }

    private String[] call(String method, String... options) {
        List<String> args = new ArrayList<>(List.of(
                "call", words.address(), "Words/" + method, "--idl", "words.thrift", "--connect-timeout", "20s"));
        args.addAll(List.of(options));
        return args.toArray(String[]::new);
    }

    @Test
    void callsEndWithTheirExitCodes() throws Exception {
        assertThat(run(call("change", "-d", "{\"text\":\"a\"}")))
                .isEqualTo(new Run(0, "{\"text\":\"a!\",\"count\":9007199254740993}" + System.lineSeparator()));
        assertThat(run(call("change", "--transport", "grpc", "-d", "{\"text\":\"business\"}"))
                        .exitCode())
                .isEqualTo(3);
        assertThat(run(call("change", "-d", "{\"text\":\"declared\"}")).exitCode())
                .isEqualTo(4);
        assertThat(run(call("change", "-d", "{}"))).satisfies(bad -> {
            assertThat(bad.exitCode()).isEqualTo(2);
            assertThat(bad.output()).startsWith("streamx: bad input: ");
        });
    }

    @Test
    void repliesComeThroughAPipeWhileItsWriterGoesOnWhateverTheLocale() throws Exception {
        Process process = command(call("chat")).start();
        try (BufferedWriter requests = process.outputWriter(StandardCharsets.UTF_8);
                BufferedReader replies = process.inputReader(StandardCharsets.UTF_8)) {
            for (String text : List.of("\u00fc", "\u20ac")) {
                requests.write("{\"text\":\"" + text + "\"}\n");
                requests.flush();
                assertThat(replies.readLine()).contains("\"" + text + "!\"");
            }
            requests.close();
            assertThat(replies.readLine()).isNull();
        }
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aSignalCancelsTheStreamAndSaysHowItEnded(String signal, int exitCode) throws Exception {
        ProcessBuilder command = command(call("download", "-d", "{\"text\":\"wait\"}"));
        // A process that was started in the background may have inherited that SIGINT is ignored.
        command.command().addAll(0, List.of("env", "--default-signal=INT"));
        Process process = command.start();
        try (BufferedReader replies = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < 3; i++) {
                assertThat(replies.readLine()).contains("wait");
            }
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(replies.readLine()).isNull();
        }
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("streamx: cancelled by Ctrl-C: after 1 messages sent and 3 received: ");
        assertThat(process.waitFor()).isEqualTo(exitCode);
        assertThat(words.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theEndOfAPipelineThatGoesAwayEndsTheCall() throws Exception {
        Process process = command(call("chat")).start();
        try (BufferedWriter requests = process.outputWriter(StandardCharsets.UTF_8)) {
            requests.write("{\"text\":\"a\"}\n");
            requests.flush();
            BufferedReader replies = process.inputReader(StandardCharsets.UTF_8);
            assertThat(replies.readLine()).contains("a!");
            replies.close();
            requests.write("{\"text\":\"b\"}\n");
            requests.flush();
            assertThat(process.waitFor()).isEqualTo(141);
        }
    }

    @Test
    void theStartScriptFindsTheJarBesideItselfAlsoThroughALink() throws Exception {
        Path installed = Files.createDirectories(dir.resolve("opt"));
        Path script = Files.copy(
                Path.of("src", "bin", "streamx"), installed.resolve("streamx"), StandardCopyOption.COPY_ATTRIBUTES);
        Path link = Files.createSymbolicLink(
                Files.createDirectories(dir.resolve("bin")).resolve("streamx"), Path.of("..", "opt", "streamx"));
        ProcessBuilder command = new ProcessBuilder(link.toString(), "--version").redirectErrorStream(true);
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertThat(outcome(command.start()))
                .isEqualTo(new Run(
                        1,
                        "streamx: " + installed.toRealPath() + "/streamx-cli-*-all.jar: no such file (expected:"
                                + " streamx-cli-...-all.jar beside this script, or STREAMX_JAR)\n"));

        Path jar = Path.of(System.getProperty("streamx.cli.jar"));
        Files.createSymbolicLink(installed.resolve(jar.getFileName()), jar);
        assertThat(outcome(command.start()).output().strip())
                .isEqualTo("streamx " + System.getProperty("streamx.cli.version"));
        assertThat(script).isExecutable();
    }
}
