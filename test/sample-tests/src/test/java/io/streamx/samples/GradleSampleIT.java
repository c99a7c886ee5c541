package io.streamx.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.UsersGradle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The samples that Gradle builds, run from copies. Their build files are written so that they are Kotlin and Groovy; this Gradle has
 * no scripts in Kotlin, so the copies are named as Groovy.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class GradleSampleIT {
    private static final Path SAMPLES = Path.of(System.getProperty("streamx.samples"));

    @TempDir
    Path dir;

    private void copy(Path sample) throws IOException {
        for (String script : new String[] {"settings.gradle", "build.gradle"}) {
            Files.copy(sample.resolve(script + ".kts"), dir.resolve(script));
        }
        try (Stream<Path> files = Files.walk(sample.resolve("src"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, dir.resolve(sample.relativize(file)));
            }
        }
    }

    @Test
    void aCopyRunsAndItIsOfThisVersion() throws Exception {
        copy(SAMPLES.resolve("gradle-quickstart"));

        UsersGradle.Outcome build = UsersGradle.in(dir)
                .run(
                        "run",
                        "--quiet",
                        "--configuration-cache",
                        "--warning-mode=fail",
                        "-Pjdk=" + UsersGradle.javaVersion());

        assertThat(build.exitCode()).as(build.output()).isZero();
        assertThat(build.output().lines()).contains("Hello, World", "one", "token", "after", "the", "other");
        assertThat(Files.readString(dir.resolve("build.gradle")))
                .contains("id(\"io.streamx\") version \"" + UsersGradle.version() + "\"");
    }

    @Test
    void theProjectForProtobufIsBuiltByGradleToo() throws Exception {
        copy(SAMPLES.resolve("protobuf-quickstart"));

        UsersGradle.Outcome build = UsersGradle.in(dir).run("classes", "-Pjdk=" + UsersGradle.javaVersion());

        assertThat(build.exitCode()).as(build.output()).isZero();
        assertThat(dir.resolve("build/classes/java/main/com/example/quickstart/GreeterClient.class"))
                .exists();
        assertThat(Files.readString(dir.resolve("build.gradle")))
                .contains("streamx-protoc-plugin:" + UsersGradle.version() + ":all@jar");
    }
}
