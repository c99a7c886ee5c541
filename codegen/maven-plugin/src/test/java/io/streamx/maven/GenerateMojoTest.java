package io.streamx.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateMojoTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    Path dir;

    private final List<String> log = new ArrayList<>();
    private final MavenProject project = new MavenProject();

    private final class Recorder extends SystemStreamLog {
        @Override
        public void error(CharSequence content) {
            log.add("error " + shown(content));
        }

        @Override
        public void warn(CharSequence content) {
            log.add("warn " + shown(content));
        }

        @Override
        public void info(CharSequence content) {
            log.add("info " + shown(content));
        }

        private String shown(CharSequence content) {
            return content.toString().replace(dir + "/", "");
        }
    }

    private GenerateMojo mojo() {
        GenerateMojo mojo = new GenerateMojo();
        mojo.sourceDirectory = dir.resolve("src/main/thrift").toFile();
        mojo.outputDirectory = dir.resolve("target/generated-sources/streamx").toFile();
        return prepared(mojo);
    }

    private GenerateTestMojo testMojo() {
        GenerateTestMojo mojo = new GenerateTestMojo();
        mojo.testSourceDirectory = dir.resolve("src/test/thrift").toFile();
        mojo.testOutputDirectory =
                dir.resolve("target/generated-test-sources/streamx").toFile();
        mojo.sourceDirectory = dir.resolve("src/main/thrift").toFile();
        mojo.outputDirectory = dir.resolve("target/generated-sources/streamx").toFile();
        return prepared(mojo);
    }

    private <T extends AbstractGenerateMojo> T prepared(T mojo) {
        project.setFile(dir.resolve("pom.xml").toFile());
        mojo.project = project;
        mojo.setLog(new Recorder());
        return mojo;
    }

    private void write(String path, String text) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> generated() throws IOException {
        return files("target/generated-sources/streamx");
    }

    private List<String> files(String folder) throws IOException {
        Path root = dir.resolve(folder);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private void ageGenerated() throws IOException {
        for (String file : generated()) {
            Files.setLastModifiedTime(
                    dir.resolve("target/generated-sources/streamx").resolve(file), LONG_AGO);
        }
    }

    private List<String> rewritten() throws IOException {
        return generated().stream()
                .filter(file -> {
                    try {
                        return !Files.getLastModifiedTime(dir.resolve("target/generated-sources/streamx")
                                        .resolve(file))
                                .equals(LONG_AGO);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void generatesFromAllThriftFilesAndAddsTheSourceRoot() throws Exception {
        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {}");
        write("src/main/thrift/deep/b.thrift", "namespace java com.b\ninclude \"a.thrift\"\nstruct B { 1: a.A a }");
        mojo().execute();
        assertThat(generated())
                .containsExactly("com/a/A.java", "com/a/package-info.java", "com/b/B.java", "com/b/package-info.java");
        assertThat(project.getCompileSourceRoots())
                .containsExactly(dir.resolve("target/generated-sources/streamx").toString());
        assertThat(log).containsExactly("info 4 Java files written, 0 deleted, 0 up to date, from 2 Thrift files");
    }

    @Test
    void aProjectWithoutThriftFilesIsFine() throws Exception {
        mojo().execute();
        assertThat(project.getCompileSourceRoots()).isEmpty();
        assertThat(log).containsExactly("info No Thrift files in src/main/thrift");
    }

    @Test
    void anUnchangedFileIsNotWrittenAgain() throws Exception {
        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {} struct B {}");
        mojo().execute();
        ageGenerated();
        log.clear();
        mojo().execute();
        assertThat(rewritten()).isEmpty();
        assertThat(log).containsExactly("info All 3 Java files are up to date");
        assertThat(project.getCompileSourceRoots()).hasSize(1);

        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {} struct B { 1: i32 x }");
        mojo().execute();
        assertThat(rewritten()).containsExactly("com/a/B.java");
    }

    @Test
    void aRemovedDefinitionOrFileIsCleanedUpAndNothingElse() throws Exception {
        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {} struct Gone {}");
        write("src/main/thrift/b.thrift", "namespace java com.gone\nstruct B {}");
        mojo().execute();
        write("target/generated-sources/streamx/com/gone/Other.java", "not ours");
        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {}");
        Files.delete(dir.resolve("src/main/thrift/b.thrift"));
        mojo().execute();
        assertThat(generated()).containsExactly("com/a/A.java", "com/a/package-info.java", "com/gone/Other.java");

        Files.delete(dir.resolve("src/main/thrift/a.thrift"));
        Files.delete(dir.resolve("target/generated-sources/streamx/com/gone/Other.java"));
        mojo().execute();
        assertThat(generated()).isEmpty();
        assertThat(dir.resolve("target/generated-sources/streamx/com/a")).doesNotExist();
    }

    @Test
    void aFileChangedOrDeletedByHandIsRestored() throws Exception {
        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {} struct B {}");
        mojo().execute();
        write("target/generated-sources/streamx/com/a/A.java", "edited");
        Files.delete(dir.resolve("target/generated-sources/streamx/com/a/B.java"));
        log.clear();
        mojo().execute();
        assertThat(log).containsExactly("info 2 Java files written, 0 deleted, 1 up to date, from 1 Thrift files");
    }

    @Test
    void thePackageCanBeSetForAllAndForSingleFiles() throws Exception {
        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {}");
        write("src/main/thrift/b.thrift", "namespace java com.b\nstruct B {}");
        mojo().execute();
        GenerateMojo mojo = mojo();
        mojo.javaPackage = "com.all";
        mojo.javaPackages = Map.of("b", "com.single");
        mojo.execute();
        assertThat(generated())
                .containsExactly(
                        "com/all/A.java",
                        "com/all/package-info.java",
                        "com/single/B.java",
                        "com/single/package-info.java");
    }

    @Test
    void aPackageThatIsNoneIsRefused() throws IOException {
        write("src/main/thrift/a.thrift", "struct A {}");
        GenerateMojo mojo = mojo();
        mojo.javaPackage = "1.class";
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageStartingWith("Java package: '1.class' (expected: ");
    }

    @Test
    void includesFromOtherFoldersAreGeneratedToo() throws Exception {
        write("shared/types.thrift", "namespace java com.shared\nstruct T {}");
        write("shared/unused.thrift", "namespace java com.unused\nstruct U {}");
        write("src/main/thrift/a.thrift", "namespace java com.a\ninclude \"types.thrift\"\nstruct A { 1: types.T t }");
        GenerateMojo mojo = mojo();
        mojo.includeDirectories = List.of(dir.resolve("shared").toFile());
        mojo.execute();
        assertThat(generated())
                .containsExactly(
                        "com/a/A.java", "com/a/package-info.java", "com/shared/T.java", "com/shared/package-info.java");
    }

    @Test
    void includesFromDependenciesAreLinkedButNotGenerated() throws Exception {
        Path jar = dir.resolve("dependency.jar");
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Files.writeString(files.getPath("types.thrift"), "namespace java com.jar\nstruct T {}");
        }
        write("module/classes/more.thrift", "namespace java com.module\nstruct M {}");
        Artifact packed = artifact("packed", jar);
        Artifact folder = artifact("folder", dir.resolve("module/classes"));
        project.setArtifacts(Set.of(packed, folder));
        write(
                "src/main/thrift/a.thrift",
                "namespace java com.a\ninclude \"types.thrift\" include \"more.thrift\"\n"
                        + "struct A { 1: types.T t 2: more.M m }");
        GenerateMojo mojo = mojo();
        mojo.javaPackage = "com.mine";
        mojo.execute();
        assertThat(generated()).containsExactly("com/mine/A.java", "com/mine/package-info.java");
        assertThat(Files.readString(dir.resolve("target/generated-sources/streamx/com/mine/A.java")))
                .contains("import com.jar.T;")
                .contains("import com.module.M;");
    }

    private static Artifact artifact(String name, Path file) {
        Artifact artifact = new DefaultArtifact(
                "com.example", name, "1", "compile", "jar", null, new DefaultArtifactHandler("jar"));
        artifact.setFile(file.toFile());
        return artifact;
    }

    @Test
    void aDependencyThatIsNoJarIsNamed() throws IOException {
        write("broken.jar", "no jar");
        write("src/main/thrift/a.thrift", "struct A {}");
        project.setArtifacts(Set.of(artifact("broken", dir.resolve("broken.jar"))));
        assertThatThrownBy(mojo()::execute)
                .isInstanceOf(MojoExecutionException.class)
                .hasMessageContaining("dependency " + dir.resolve("broken.jar") + " cannot be read: ");
    }

    @Test
    void everyErrorIsLoggedWithItsPlaceAndTheBuildFails() throws IOException {
        write("src/main/thrift/a.thrift", "struct A {\n  1: Missing m\n  0: i32 zero\n}\nservice S extends T {}");
        assertThatThrownBy(mojo()::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessage("2 errors in the Thrift files of " + dir.resolve("src/main/thrift")
                        + ", listed above; nothing was generated");
        assertThat(log)
                .containsExactly(
                        "error src/main/thrift/a.thrift:2:6: undefined type 'Missing' (expected: a base type or one "
                                + "defined in this file)",
                        "warn src/main/thrift/a.thrift:3:3: field zero in struct A has the id 0 (expected: 1 or more)",
                        "error src/main/thrift/a.thrift:5:19: service S extends the undefined service 'T' (expected: a "
                                + "service of this file or prefix.Service of an included one)");
        assertThat(generated()).isEmpty();
    }

    @Test
    void testsIncludeTheMainFilesWithoutGeneratingThemAgain() throws Exception {
        write("shared/types.thrift", "namespace java com.shared\nstruct T {}");
        write("src/main/thrift/a.thrift", "namespace java com.a\ninclude \"types.thrift\"\nstruct A { 1: types.T t }");
        write(
                "src/test/thrift/b.thrift",
                "namespace java com.b\ninclude \"a.thrift\" include \"types.thrift\"\nstruct B { 1: a.A a 2: types.T t }");
        GenerateMojo mojo = mojo();
        mojo.includeDirectories = List.of(dir.resolve("shared").toFile());
        mojo.execute();
        GenerateTestMojo testMojo = testMojo();
        testMojo.includeDirectories = mojo.includeDirectories;
        testMojo.execute();
        assertThat(files("target/generated-test-sources/streamx"))
                .containsExactly("com/b/B.java", "com/b/package-info.java");
        assertThat(project.getTestCompileSourceRoots())
                .containsExactly(
                        dir.resolve("target/generated-test-sources/streamx").toString());
    }

    @Test
    void severalFoldersAreReadAndPatternsChooseTheirFiles() throws Exception {
        write("src/main/thrift/a.thrift", "namespace java com.a\nstruct A {}");
        write("src/main/thrift/old/o.thrift", "namespace java com.o\nstruct O {}");
        write(
                "api/b.thrift",
                "namespace java com.b\ninclude \"a.thrift\" include \"draft/c.thrift\"\n"
                        + "struct B { 1: a.A a, 2: c.C c }");
        write("api/draft/c.thrift", "namespace java com.c\nstruct C {}");
        write("api/draft/d.thrift", "namespace java com.d\nstruct D {}");
        GenerateMojo mojo = mojo();
        mojo.sourceDirectories = List.of(
                dir.resolve("api").toFile(),
                dir.resolve("missing").toFile(),
                dir.resolve("src/main/thrift").toFile());
        mojo.excludes = List.of("old/**", "**/draft/*.thrift");
        mojo.execute();
        // What an excluded file defines is generated where another file includes it.
        assertThat(generated())
                .containsExactly(
                        "com/a/A.java",
                        "com/a/package-info.java",
                        "com/b/B.java",
                        "com/b/package-info.java",
                        "com/c/C.java",
                        "com/c/package-info.java");
        mojo.excludes = List.of();
        mojo.includes = List.of("a*.thrift");
        mojo.execute();
        assertThat(generated()).containsExactly("com/a/A.java", "com/a/package-info.java");
    }

    @Test
    void skipDoesNothing() throws Exception {
        write("src/main/thrift/a.thrift", "broken");
        GenerateMojo mojo = mojo();
        mojo.skip = true;
        mojo.execute();
        assertThat(log).containsExactly("info Skipped: streamx.skip is true");
    }
}
