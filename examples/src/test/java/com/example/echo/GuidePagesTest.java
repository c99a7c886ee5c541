package com.example.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guides in {@code site/} are whole; {@code site/check.py} says what that means. */
@Timeout(60)
class GuidePagesTest {
    @Test
    void bothLanguagesHaveTheSamePagesSnippetsAndSettings() throws Exception {
        boolean found = Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
        assumeTrue(found, "the check of the guides needs python3, which is not on the PATH");

        Process check = new ProcessBuilder("python3", "check.py")
                .directory(Path.of("..", "site").toFile())
                .redirectErrorStream(true)
                .start();
        String said = textOf(check);
        assertThat(check.waitFor()).as(said).isZero();
    }

    private static String textOf(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
