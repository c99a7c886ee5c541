package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of these tests in processes of their own, with little memory; what they log goes to files in {@code folder}. */
record SmallProcesses(Path folder) {
    /** How much heap, and how much direct memory, a small process has. */
    static final String SMALL = "64m";

    /** A program of this test with so much memory; what it logs goes to a file. */
    Process start(String memory, Class<?> program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + memory,
                "-XX:MaxDirectMemorySize=" + memory,
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(log(program).toFile()).start();
    }

    Path log(Class<?> program) {
        return folder.resolve(program.getSimpleName() + ".log");
    }

    String logged(Class<?> program) throws IOException {
        return Files.readString(log(program), StandardCharsets.UTF_8);
    }

    /** Ends by its standard input, and well. */
    void assertEndsWell(Process server, OutputStream input) throws Exception {
        assertThat(server.isAlive()).isTrue();
        input.close();
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isZero();
        assertThat(logged(FirehoseHandler.class)).doesNotContain("OutOfMemoryError");
    }
}
