package io.streamx.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.UsersMaven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The projects below {@code examples} that users copy, built from a copy as they do. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SamplesIT {
    private static final Path SAMPLES = Path.of(System.getProperty("streamx.samples"));
    /** Where CONTRIBUTING.md, "JDK 21", puts it. */
    private static final Path JDK_21 =
            Path.of(System.getProperty("streamx.jdk21")).resolve("bin/java").toAbsolutePath();

    @TempDir
    Path dir;

    private void copy(Path sample) throws IOException {
        for (String part : List.of("pom.xml", "src")) {
            try (Stream<Path> files = Files.walk(sample.resolve(part))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(file, dir.resolve(sample.relativize(file)));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf-quickstart", "kotlin-chat", "spring-chat", "reactor-chat", "native-quickstart"})
    void aCopyBuildsItsTestsPassAndItIsOfThisVersion(String name) throws Exception {
        copy(SAMPLES.resolve(name));

        UsersMaven.Outcome build = UsersMaven.in(dir).run("test");

        assertThat(build.exitCode()).as(build.output()).isZero();
        assertThat(build.output()).contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
        if (Files.isExecutable(JDK_21)) {
            UsersMaven.Outcome older = UsersMaven.in(dir).run("test", "-Djvm=" + JDK_21);
            assertThat(older.exitCode()).as(older.output()).isZero();
            assertThat(older.output()).contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
        }
        assertThat(Files.readString(dir.resolve("pom.xml")))
                .contains("<streamx.version>" + UsersMaven.version() + "</streamx.version>");
    }
}
