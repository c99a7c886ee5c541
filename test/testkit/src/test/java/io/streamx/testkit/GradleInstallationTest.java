package io.streamx.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradleInstallationTest {
    @TempDir
    Path folder;

    private Path work = Path.of("");

    @BeforeEach
    void choose() {
        work = folder.resolve("work");
    }

    /** A jar of that name as Gradle's is, with one module in it. */
    private Path gradle(String version) throws IOException {
        Path jar = folder.resolve("gradle-api-" + version + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.putNextEntry(new ZipEntry("gradle-core-classpath.properties"));
            out.write("projects=\nruntime=guava-1.jar\n".getBytes(StandardCharsets.ISO_8859_1));
            out.closeEntry();
        }
        return jar;
    }

    private List<String> jarsOf(String version) throws IOException {
        return GradleInstallation.command(work).stream()
                .map(each -> String.valueOf(Path.of(each).getFileName()))
                .filter(name -> name.contains(version))
                .toList();
    }

    @Test
    void anInstallationOfOtherJarsIsMadeAnew() throws Exception {
        GradleInstallation.make(work, gradle("8.1").toString());
        assertThat(jarsOf("8.1")).isNotEmpty();

        GradleInstallation.make(work, gradle("8.2").toString());

        assertThat(jarsOf("8.1")).isEmpty();
        assertThat(jarsOf("8.2")).contains("gradle-api-8.2.jar");
        assertThat(work.resolve("installation/lib/gradle-core-8.2.jar")).exists();
        assertThat(work.resolve("installation/lib/gradle-core-8.1.jar")).doesNotExist();
    }

    @Test
    void anInstallationOfThoseJarsIsLeftAsItIs() throws Exception {
        GradleInstallation.make(work, gradle("8.1").toString());
        Path module = work.resolve("installation/lib/gradle-core-8.1.jar");
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(module, longAgo);

        GradleInstallation.make(work, gradle("8.1").toString());

        assertThat(Files.getLastModifiedTime(module)).isEqualTo(longAgo);
    }

    @Test
    void whatAProcessLeftThatEndedWhileItMadeOneIsNoInstallation() throws Exception {
        GradleInstallation.make(work, gradle("8.1").toString());
        Files.delete(work.resolve("done"));
        Path left = Files.writeString(work.resolve("installation/lib/gradle-api-8.0.jar"), "half");

        GradleInstallation.make(work, gradle("8.1").toString());

        assertThat(left).doesNotExist();
        assertThat(jarsOf("8.1")).isNotEmpty();
    }
}
