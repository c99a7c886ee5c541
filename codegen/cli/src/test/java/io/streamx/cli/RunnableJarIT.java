package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnableJarIT {
    @TempDir
    Path dir;

    private record Run(int exitCode, String output) {}

    private Run run(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("streamx.cli.jar")));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
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
}
