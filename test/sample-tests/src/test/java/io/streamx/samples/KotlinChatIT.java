package io.streamx.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.UsersMaven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The project that users of Kotlin copy, {@code examples/kotlin-chat}, built from a copy as they do. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KotlinChatIT {
    private static final Path SAMPLE = Path.of(System.getProperty("streamx.samples"), "kotlin-chat");

    @TempDir
    Path dir;

    @BeforeEach
    void copy() throws IOException {
        for (String part : List.of("pom.xml", "src")) {
            try (Stream<Path> files = Files.walk(SAMPLE.resolve(part))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(file, dir.resolve(SAMPLE.relativize(file)));
                }
            }
        }
    }

    @Test
    void theProjectBuildsAndItsClientAndHandlerAgree() throws Exception {
        UsersMaven.Outcome build = UsersMaven.in(dir).run("test");

        assertThat(build.exitCode()).as(build.output()).isZero();
        assertThat(build.output()).contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(Files.readString(dir.resolve("pom.xml")))
                .contains("<streamx.version>" + UsersMaven.version() + "</streamx.version>");
    }
}
