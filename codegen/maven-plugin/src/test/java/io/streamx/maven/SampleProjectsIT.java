package io.streamx.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.UsersMaven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small projects built by the Maven, and on the Java, that runs this build. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SampleProjectsIT {
    private static final String IDL = """
            namespace go sample
            namespace java com.example.sample

            struct Request { 1: required string message }
            service Greeter { Request Greet(1: Request request) (streaming.mode="bidirectional") }
            """;

    @TempDir
    Path dir;

    private void pom(String configuration) throws IOException {
        write("pom.xml", """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>com.example</groupId>
                  <artifactId>sample</artifactId>
                  <version>1</version>
                  <properties>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                    <maven.compiler.release>21</maven.compiler.release>
                  </properties>
                  <dependencies>
                    <dependency>
                      <groupId>io.streamx</groupId>
                      <artifactId>streamx-thrift</artifactId>
                      <version>%1$s</version>
                    </dependency>
                  </dependencies>
                  <build>
                    <plugins>
                      <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-toolchains-plugin</artifactId>
                        <version>3.2.0</version>
                        <executions>
                          <execution>
                            <goals>
                              <goal>select-jdk-toolchain</goal>
                            </goals>
                            <configuration>
                              <version>[21,)</version>
                            </configuration>
                          </execution>
                        </executions>
                      </plugin>
                      <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-resources-plugin</artifactId>
                        <version>3.5.0</version>
                      </plugin>
                      <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-compiler-plugin</artifactId>
                        <version>3.16.0</version>
                      </plugin>
                      <plugin>
                        <groupId>io.streamx</groupId>
                        <artifactId>streamx-maven-plugin</artifactId>
                        <version>%1$s</version>
                        %2$s
                        <executions>
                          <execution>
                            <goals>
                              <goal>generate</goal>
                              <goal>generate-test</goal>
                            </goals>
                          </execution>
                        </executions>
                      </plugin>
                    </plugins>
                  </build>
                </project>
                """.formatted(UsersMaven.version(), configuration));
    }

    private Path write(String path, String text) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private UsersMaven.Outcome maven(String... arguments) throws IOException, InterruptedException {
        return UsersMaven.in(dir).run(arguments);
    }

    @Test
    void aProjectWithoutConfigurationGetsItsJavaOnceAndACleanUp() throws Exception {
        pom("");
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

        UsersMaven.Outcome first = maven("test-compile");
        assertThat(first.exitCode()).as(first.output()).isZero();
        Path generated = dir.resolve("target/generated-sources/streamx/com/example/sample");
        assertThat(generated.resolve("Greeter.java")).exists();
        assertThat(generated.resolve("GreeterClient.java")).exists();
        assertThat(dir.resolve("target/classes/User.class")).exists();
        assertThat(dir.resolve("target/test-classes/probe/Probe.class")).exists();

        UsersMaven.Outcome second = maven("generate-sources");
        assertThat(second.output()).contains("Java files are up to date");

        Files.delete(dir.resolve("src/main/thrift/sample.thrift"));
        Files.delete(dir.resolve("src/test/thrift/probe.thrift"));
        Files.delete(dir.resolve("src/main/java/User.java"));
        UsersMaven.Outcome third = maven("generate-test-sources");
        assertThat(third.exitCode()).as(third.output()).isZero();
        assertThat(generated).doesNotExist();
    }

    @Test
    void configurationIsReadFromThePomAndTheCommandLine() throws Exception {
        pom("""
                <configuration>
                  <includeDirectories>
                    <includeDirectory>${project.basedir}/shared</includeDirectory>
                  </includeDirectories>
                  <javaPackages>
                    <types>com.shared</types>
                  </javaPackages>
                </configuration>
                """);
        write("shared/types.thrift", "struct T {}");
        write("src/main/thrift/sample.thrift", "include \"types.thrift\"\nstruct S { 1: types.T t }");
        UsersMaven.Outcome build = maven("generate-sources", "-Dstreamx.javaPackage=com.all");
        assertThat(build.exitCode()).as(build.output()).isZero();
        assertThat(dir.resolve("target/generated-sources/streamx/com/all/S.java"))
                .exists();
        assertThat(dir.resolve("target/generated-sources/streamx/com/shared/T.java"))
                .exists();
    }

    @Test
    void aBrokenIdlFailsTheBuildWithEveryPlace() throws Exception {
        pom("");
        Path file = write("src/main/thrift/sample.thrift", "struct A {\n  1: Missing m\n  2: i32\n}\n");
        UsersMaven.Outcome build = maven("generate-sources");
        assertThat(build.exitCode()).isEqualTo(1);
        assertThat(build.output())
                .contains("[ERROR] " + file + ":2:6: undefined type 'Missing'")
                .contains("[ERROR] " + file + ":4:1: unexpected '}' in struct A (expected: the name of a field)")
                .contains("2 errors in the Thrift files of " + file.getParent());
    }

    @Test
    void anOlderArtifactIsFetchedAndComparedWith() throws Exception {
        pom("");
        write("src/main/resources/sample.thrift", IDL);
        UsersMaven.Outcome older = maven("package");
        assertThat(older.exitCode()).as(older.output()).isZero();
        Path jar = Files.move(dir.resolve("target/sample-1.jar"), dir.resolve("old.jar"));

        write("src/main/thrift/sample.thrift", IDL.replace("1: required string message", "1: required i64 message"));
        String goal = "io.streamx:streamx-maven-plugin:" + UsersMaven.version() + ":check-compatibility";
        UsersMaven.Outcome broken = maven(goal, "-Dstreamx.baseline=" + jar);
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.output())
                .contains("breaks wire and source: type-changed Request.message")
                .contains("1 change breaks, listed above");

        // An artifact that every local repository of this build has, though without Thrift files: it is found and read.
        UsersMaven.Outcome artifact =
                maven(goal, "-Dstreamx.baselineArtifact=io.streamx:streamx-api:" + UsersMaven.version());
        assertThat(artifact.exitCode()).as(artifact.output()).isEqualTo(1);
        assertThat(artifact.output()).contains("(expected: at least one Thrift file");
        UsersMaven.Outcome none = maven(goal, "-Dstreamx.baselineArtifact=com.example:nothing:7");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.output()).contains("baselineArtifact: com.example:nothing:7 cannot be had");
    }
}
