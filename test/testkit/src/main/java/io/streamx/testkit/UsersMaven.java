package io.streamx.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a project as its user would: with the Maven, and on the Java, that runs this build, in a process of its own. It
 * has this build's artifacts, and everything else from where this build has it, so that nothing is downloaded: whatever a
 * project needs, the build must have needed as well.
 *
 * <p>For tests of modules that set the system properties read here, and whose artifacts {@code maven-invoker-plugin} has
 * installed. Keeps its settings and its log in a folder of the caller's.
 */
public final class UsersMaven {
    private final Path folder;
    private final Path settings;

    /** How a build went. */
    public record Outcome(int exitCode, String output) {}

    private UsersMaven(Path folder, Path settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /** Maven for the project in that folder. */
    public static UsersMaven in(Path folder) throws IOException {
        String ofThisBuild = Path.of(BuildProcess.property("streamx.build.repository"))
                .toUri()
                .toString();
        Path settings = Files.writeString(folder.resolve("settings.xml"), """
                <settings>
                  <localRepository>%s</localRepository>
                  <profiles>
                    <profile>
                      <id>this-build</id>
                      <repositories>
                        <repository>
                          <id>this-build</id>
                          <url>%s</url>
                        </repository>
                      </repositories>
                      <pluginRepositories>
                        <pluginRepository>
                          <id>this-build</id>
                          <url>%s</url>
                        </pluginRepository>
                      </pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles>
                    <activeProfile>this-build</activeProfile>
                  </activeProfiles>
                </settings>
                """.formatted(
                        BuildProcess.property("streamx.local.repository"), ofThisBuild, ofThisBuild));
        return new UsersMaven(folder, settings);
    }

    /** The version of this build's artifacts. */
    public static String version() {
        return BuildProcess.property("streamx.version");
    }

    /** Runs it to its end with those arguments. */
    public Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(BuildProcess.property("streamx.maven.home"), "bin", "mvn")
                        .toString(),
                "--batch-mode",
                "--no-transfer-progress",
                "--settings",
                settings.toString()));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("maven.log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", BuildProcess.property("streamx.maven.java.home"));
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
        int exitCode = BuildProcess.run(builder, log);
        return new Outcome(exitCode, Files.readString(log, StandardCharsets.UTF_8));
    }
}
