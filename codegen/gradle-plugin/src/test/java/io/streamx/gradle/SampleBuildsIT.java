package io.streamx.gradle;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.UsersGradle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small projects built by Gradle, with the configuration cache and the build cache. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SampleBuildsIT {
    private static final String IDL = """
            namespace go sample
            namespace java com.example.sample

            struct Request { 1: required string message }
            service Greeter { Request Greet(1: Request request) (streaming.mode="bidirectional") }
            """;

    @TempDir
    Path dir;

    private void build(String more) throws IOException {
        // The artifact that leads from the plugin's id to its jar is a module behind this one; sample-tests has it.
        write("settings.gradle", """
                pluginManagement {
                    resolutionStrategy {
                        eachPlugin {
                            if (requested.id.id == 'io.streamx') {
                                useModule("io.streamx:streamx-gradle-plugin:${requested.version}")
                            }
                        }
                    }
                }
                rootProject.name = 'sample'
                buildCache { local { directory = file('cache') } }
                """);
        write("build.gradle", """
                plugins {
                    id("java")
                    id("io.streamx") version "%1$s"
                }
                dependencies {
                    implementation("io.streamx:streamx-thrift:%1$s")
                }
                java { toolchain { languageVersion.set(JavaLanguageVersion.of(%2$s)) } }
                %3$s
                """.formatted(UsersGradle.version(), UsersGradle.javaVersion(), more));
    }

    private Path write(String path, String text) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Path jar(String name, Map<String, String> files) throws IOException {
        Path jar = dir.resolve(name);
        Files.createDirectories(jar.getParent());
        try (FileSystem system =
                FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(system.getPath(file.getKey()), file.getValue());
            }
        }
        return jar;
    }

    private String passes(String... arguments) throws Exception {
        UsersGradle.Outcome outcome = gradle(arguments);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }

    private String fails(String... arguments) throws Exception {
        UsersGradle.Outcome outcome = gradle(arguments);
        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
        return outcome.output();
    }

    private UsersGradle.Outcome gradle(String... arguments) throws Exception {
        String[] all = Stream.concat(
                        Stream.of("--configuration-cache", "--build-cache", "--warning-mode=all"), Stream.of(arguments))
                .toArray(String[]::new);
        return UsersGradle.in(dir).run(all);
    }

    private List<String> generated(String sources) throws IOException {
        Path root = dir.resolve("build/generated/sources/streamx/java/" + sources);
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

    @Test
    void aProjectWithoutConfigurationGetsItsJavaOnceAndACleanUp() throws Exception {
        build("");
        write("src/main/thrift/sample.thrift", IDL);
        write("src/test/thrift/probe.thrift", "include \"sample.thrift\"\nstruct Probe { 1: sample.Request r }");
        write("src/main/java/User.java", """
                import com.example.sample.Greeter;
                import com.example.sample.Request;
                import io.streamx.BidiStreamingServer;

                class User implements Greeter {
                    @Override
                    public void greet(BidiStreamingServer<Request, Request> stream) {
                        stream.send(new Request("hello"));
                    }
                }
                """);

        String first = passes("testClasses");
        assertThat(first).contains("Configuration cache entry stored.").doesNotContain("streamx-gradle-plugin");
        assertThat(dir.resolve("build/classes/java/main/User.class")).exists();
        assertThat(dir.resolve("build/classes/java/main/com/example/sample/GreeterClient.class"))
                .exists();
        assertThat(generated("test")).containsExactly("probe/Probe.java", "probe/package-info.java");

        String second = passes("testClasses");
        assertThat(second)
                .contains("Configuration cache entry reused.")
                .contains("> Task :generateThrift UP-TO-DATE")
                .contains("> Task :generateTestThrift UP-TO-DATE");

        // A struct that is gone takes its file along; the others stay as they are.
        Path other = write("src/main/thrift/other.thrift", "namespace java com.example.other\nstruct A {} struct B {}");
        String third = passes("generateThrift", "--info");
        assertThat(third).contains("3 Java files written, 0 deleted, 5 up to date, from 2 Thrift files");
        Files.writeString(other, "namespace java com.example.other\nstruct A {}");
        assertThat(passes("generateThrift", "--info"))
                .contains("0 Java files written, 1 deleted, 7 up to date, from 2 Thrift files");
        assertThat(generated("main")).contains("com/example/other/A.java").doesNotContain("com/example/other/B.java");

        // What has been generated once, anywhere, comes from the cache.
        assertThat(passes("clean", "generateThrift")).contains("> Task :generateThrift FROM-CACHE");
        assertThat(generated("main")).contains("com/example/sample/Greeter.java", "com/example/other/A.java");

        Files.delete(dir.resolve("src/main/thrift/sample.thrift"));
        Files.delete(other);
        passes("generateThrift");
        assertThat(generated("main")).isEmpty();
        assertThat(passes("generateThrift")).contains("> Task :generateThrift NO-SOURCE");
    }

    @Test
    void foldersPatternsPackagesAndIncludesFromJarsAreSetInTheBuildFile() throws Exception {
        Path jar = jar("libs/base.jar", Map.of("base.thrift", "namespace java com.base\nstruct Base {}"));
        build("""
                dependencies { implementation(files("libs/base.jar")) }
                streamx {
                    sourceDirectories.from("idl")
                    excludes.add("draft/**")
                    includeDirectories.from("shared")
                    javaPackage.set("com.all")
                    javaPackages.put("types", "com.shared")
                }
                """);
        write(
                "idl/a.thrift",
                "include \"types.thrift\"\ninclude \"base.thrift\"\nstruct A { 1: types.T t 2: base.Base b }");
        write("idl/draft/b.thrift", "this is not Thrift");
        write("src/main/thrift/c.thrift", "struct C {}");
        Path types = write("shared/types.thrift", "struct T {}");
        passes("generateThrift");
        assertThat(generated("main"))
                .containsExactly(
                        "com/all/A.java",
                        "com/all/C.java",
                        "com/all/package-info.java",
                        "com/shared/T.java",
                        "com/shared/package-info.java");

        // A file that is only included counts as much as those that are read for themselves.
        Files.writeString(types, "struct T { 1: i32 x } struct U {}");
        passes("generateThrift");
        assertThat(generated("main")).contains("com/shared/U.java");
        Files.delete(jar);
        jar("libs/base.jar", Map.of("base.thrift", "namespace java com.moved\nstruct Base {}"));
        passes("generateThrift");
        assertThat(Files.readString(dir.resolve("build/generated/sources/streamx/java/main/com/all/A.java")))
                .contains("com.moved.Base");
    }

    @Test
    void filesAreIncludedFromAnotherProjectOfTheBuild() throws Exception {
        build("dependencies { implementation(project(\":api\")) }");
        Files.writeString(dir.resolve("settings.gradle"), "\ninclude 'api'\n", StandardOpenOption.APPEND);
        write("api/build.gradle", """
                plugins {
                    id("java-library")
                    id("io.streamx")
                }
                dependencies { api("io.streamx:streamx-thrift:%1$s") }
                java { toolchain { languageVersion.set(JavaLanguageVersion.of(%2$s)) } }
                sourceSets.main.resources.srcDir("src/main/thrift")
                """.formatted(UsersGradle.version(), UsersGradle.javaVersion()));
        write("api/src/main/thrift/base.thrift", "namespace java com.base\nstruct Base {}");
        write("src/main/thrift/a.thrift", "namespace java com.a\ninclude \"base.thrift\"\nstruct A { 1: base.Base b }");
        passes("classes");
        assertThat(generated("main")).containsExactly("com/a/A.java", "com/a/package-info.java");
    }

    @Test
    void aBrokenIdlFailsTheBuildWithEveryPlaceAndSoDoesAnIncludeThatGradleDoesNotWatch() throws Exception {
        build("");
        Path file = write("src/main/thrift/sample.thrift", "struct A {\n  1: Missing m\n  2: i32\n}\n");
        assertThat(fails("generateThrift"))
                .contains(file + ":2:6: undefined type 'Missing'")
                .contains(file + ":4:1: unexpected '}' in struct A (expected: the name of a field)")
                .contains("2 errors in the Thrift files of " + file.getParent());

        write("elsewhere/types.thrift", "struct T {}");
        Files.writeString(file, "include \"../../../elsewhere/types.thrift\"\nstruct A { 1: types.T t }");
        assertThat(fails("generateThrift"))
                .contains("elsewhere/types.thrift (expected: in one of the folders")
                .contains("name its folder in includeDirectories");
    }

    @Test
    void anOlderVersionIsComparedWithByCheck() throws Exception {
        jar("old/api.jar", Map.of("sample.thrift", IDL));
        build("dependencies { thriftBaseline(files(\"old/api.jar\")) }");
        Path file = write("src/main/thrift/sample.thrift", IDL);
        assertThat(passes("check")).contains("> Task :checkThriftCompatibility");
        assertThat(passes("check")).contains("> Task :checkThriftCompatibility UP-TO-DATE");

        Files.writeString(file, IDL.replace("1: required string message", "1: required i64 message"));
        assertThat(fails("check"))
                .contains("breaks wire and source: type-changed Request.message")
                .contains("1 change breaks, listed above");
        assertThat(Files.readString(dir.resolve("build/reports/streamx/thrift-compatibility.txt")))
                .contains("type-changed Request.message");

        Files.writeString(file, IDL.replace("required string message", "required string text"));
        assertThat(fails("checkThriftCompatibility")).contains("breaks source");
        build("""
                dependencies { thriftBaseline(files("old/api.jar")) }
                streamx { failOn.set("wire") }
                """);
        assertThat(passes("checkThriftCompatibility")).contains("breaks source");
    }
}
