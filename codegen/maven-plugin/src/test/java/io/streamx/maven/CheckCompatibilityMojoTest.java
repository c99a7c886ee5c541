package io.streamx.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCompatibilityMojoTest {
    @TempDir
    Path dir;

    private final List<String> log = new ArrayList<>();
    private final CheckCompatibilityMojo mojo = new CheckCompatibilityMojo();

    @BeforeEach
    void prepare() {
        MavenProject project = new MavenProject();
        project.setFile(dir.resolve("pom.xml").toFile());
        mojo.project = project;
        mojo.sourceDirectory = dir.resolve("now").toFile();
        mojo.baseline = dir.resolve("old").toFile();
        mojo.setLog(new SystemStreamLog() {
            @Override
            public void error(CharSequence content) {
                log.add("error " + content.toString().replace(dir + "/", ""));
            }

            @Override
            public void warn(CharSequence content) {
                log.add("warn " + content.toString().replace(dir + "/", ""));
            }

            @Override
            public void info(CharSequence content) {
                log.add("info " + content);
            }
        });
    }

    private void write(String path, String text) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void whatGrowsPasses() throws Exception {
        write("old/a.thrift", "struct A { 1: i32 x }");
        write("now/a.thrift", "struct A { 1: i32 x, 2: optional i32 y }");
        mojo.execute();
        assertThat(log).containsExactly("info Nothing breaks");
    }

    @Test
    void whatBreaksFailsTheBuildAndIsNamedWithItsReason() throws Exception {
        write("old/a.thrift", "struct A { 1: i32 x, 2: i32 y }");
        write("now/a.thrift", "struct A { 2: i32 x, 3: i32 y }");
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessage("2 changes break, listed above");
        assertThat(log)
                .contains(
                        "error now/a.thrift:1:19: breaks wire: field-id-changed A.x: the id was 1, is 2: peers take it for"
                                + " a field that they do not know, or for another one");
    }

    @Test
    void whatBreaksTheOtherAloneIsAWarning() throws Exception {
        write("old/a.thrift", "struct A { 1: optional i32 x }");
        write("now/a.thrift", "struct A {}");
        mojo.failOn = "wire";
        mojo.execute();
        assertThat(log)
                .containsExactly(
                        "warn old/a.thrift:1:28: breaks source: field-removed A.x: its accessor and builder method are gone",
                        "info Nothing breaks the wire");
        mojo.failOn = "source";
        assertThatThrownBy(mojo::execute).hasMessage("1 change breaks the source, listed above");
        mojo.failOn = "json";
        assertThatThrownBy(mojo::execute).hasMessage("failOn: json (expected: any, wire or source)");
    }

    @Test
    void theOlderVersionMayBeAJarAndPatternsHoldForBoth() throws Exception {
        Path jar = dir.resolve("old.jar");
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Files.createDirectories(files.getPath("/internal"));
            Files.writeString(files.getPath("/t.thrift"), "struct T { 1: i32 v }");
            Files.writeString(files.getPath("/internal/i.thrift"), "struct I { 1: i32 v }");
        }
        write("now/t.thrift", "struct T { 1: i64 v }");
        write("now/internal/i.thrift", "struct I { 1: i64 v }");
        mojo.baseline = jar.toFile();
        mojo.excludes = List.of("internal/");
        assertThatThrownBy(mojo::execute).hasMessage("1 change breaks, listed above");
        assertThat(log).hasSize(1).first().asString().contains("type-changed T.v");
    }

    @Test
    void whatCannotBeComparedIsNamed() throws Exception {
        write("now/a.thrift", "struct A {}");
        assertThatThrownBy(mojo::execute)
                .hasMessage("baseline: " + dir.resolve("old") + " (expected: a folder or jar that exists)");
        write("old/a.thrift", "struct A {");
        assertThatThrownBy(mojo::execute)
                .hasMessage("1 error in the Thrift files of " + dir.resolve("old")
                        + ", listed above; nothing was compared");
        mojo.baseline = dir.resolve("old/a.thrift").toFile();
        assertThatThrownBy(mojo::execute)
                .hasMessage(dir.resolve("old/a.thrift") + ": cannot be read as a jar (expected: a folder or jar)");
        mojo.baselineArtifact = "a:b:1";
        assertThatThrownBy(mojo::execute).hasMessageContaining("(expected: either a folder or jar as baseline, or ");
        mojo.baseline = null;
        mojo.baselineArtifact = "a";
        assertThatThrownBy(mojo::execute).hasMessage("baselineArtifact: a (expected: groupId:artifactId:version)");
        mojo.skip = true;
        mojo.execute();
    }
}
