package io.streamx.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamx.testkit.UsersMaven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/native-quickstart} as a native program, where a GraalVM is installed. The plugin that builds it is downloaded. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class NativeSampleIT {
    private static final Path SAMPLE = Path.of(System.getProperty("streamx.samples"), "native-quickstart");

    /** What Maven says where it is offline or finds no registry. */
    private static final Pattern UNRESOLVED =
            Pattern.compile("org\\.graalvm\\.buildtools:native-maven-plugin.*could not be resolved");

    @TempDir
    Path dir;

    private static boolean hasNativeImage() {
        String home = System.getenv("GRAALVM_HOME");
        return home != null && Files.isExecutable(Path.of(home, "bin", "native-image"));
    }

    private void copy() throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLE)) {
            for (Path file :
                    (Iterable<Path>) files.filter(path -> !path.startsWith(SAMPLE.resolve("target")))::iterator) {
                Files.createDirectories(dir.resolve(SAMPLE.relativize(file)).getParent());
                if (!Files.isDirectory(file)) {
                    Files.copy(file, dir.resolve(SAMPLE.relativize(file)));
                }
            }
        }
    }

    @Test
    void itsServerAndClientAgreeAsANativeProgram() throws Exception {
        assumeTrue(hasNativeImage(), "GRAALVM_HOME names no GraalVM: no native program was built");
        copy();

        UsersMaven.Outcome build = UsersMaven.in(dir).run("-Pnative", "-DskipTests", "package");

        assumeFalse(
                build.exitCode() != 0 && UNRESOLVED.matcher(build.output()).find(),
                "the plugin native-maven-plugin could not be downloaded: no native program was built");
        assertThat(build.exitCode()).as(build.output()).isZero();
        Process program = new ProcessBuilder(
                        dir.resolve("target/native-quickstart").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = program.inputReader()) {
            assertThat(said.lines()).contains("Hello, World", "[one, token, after, the, other]", "[there, and, back]");
        }
        assertThat(program.waitFor()).isZero();
    }
}
