package io.streamx.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Builds a project as its user would: with Gradle, in a process of its own, which takes what it needs from where this build
 * has it and downloads nothing.
 *
 * <p>No registry that this build uses has a distribution of Gradle. The jar of its API has the whole of Gradle in it, though,
 * but for Kotlin scripts and the daemon, so {@link GradleInstallation} makes an installation of it. Java is compiled by the
 * {@code javac} of a JDK that can read this build's classes, and not in Gradle's own way, whose class the jar lacks.
 *
 * <p>For tests of modules that set the system properties read here, and that have {@code dev.gradleplugins:gradle-api} on
 * their class path.
 */
public final class UsersGradle {
    /** The newest Java on which this Gradle runs. */
    private static final int NEWEST_JAVA = 22;

    private static final List<String> JVM = List.of(
            // Those that Gradle asks for: otherwise it starts a daemon with them.
            "-Xms256m",
            "-Xmx512m",
            "-XX:MaxMetaspaceSize=384m",
            "-XX:+HeapDumpOnOutOfMemoryError",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
            "--add-opens=java.prefs/java.util.prefs=ALL-UNNAMED",
            "--add-opens=java.base/java.nio.charset=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8",
            "-Dorg.gradle.internal.instrumentation.agent=false",
            // Its native code is not in the jar.
            "-Dorg.gradle.native=false");

    private final Path folder;
    private final Path work;
    private final Path init;

    /** How a build went. */
    public record Outcome(int exitCode, String output) {}

    private UsersGradle(Path folder, Path work, Path init) {
        this.folder = folder;
        this.work = work;
        this.init = init;
    }

    /**
     * Gradle for the project in that folder.
     *
     * @throws TestAbortedException if no JDK is installed on which this Gradle runs
     */
    public static UsersGradle in(Path folder) throws IOException {
        Path work = Path.of(BuildProcess.property("streamx.gradle.folder"));
        GradleInstallation.make(work);
        Path init = Files.createDirectories(folder.resolve(".init")).resolve("init.gradle");
        Files.writeString(init, """
                beforeSettings { settings ->
                    settings.pluginManagement.repositories {
                        maven { url = '%1$s' }
                        maven { url = '%2$s' }
                    }
                }
                allprojects {
                    repositories {
                        maven { url = '%1$s' }
                        maven { url = '%2$s' }
                    }
                    tasks.withType(JavaCompile).configureEach {
                        options.incremental = false
                        options.fork = true
                        options.forkOptions.executable = '%3$s'
                    }
                }
                """.formatted(
                Path.of(BuildProcess.property("streamx.local.repository")).toUri(),
                Path.of(BuildProcess.property("streamx.build.repository")).toUri(),
                jdk().resolve("bin/javac")));
        return new UsersGradle(folder, work, init);
    }

    /** The JDK that runs this test. */
    private static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /** The Java version of {@link #jdk}, as a build file names it. */
    public static String javaVersion() {
        return String.valueOf(Runtime.version().feature());
    }

    /** The version of this build's artifacts. */
    public static String version() {
        return BuildProcess.property("streamx.version");
    }

    /** A JDK on which this Gradle runs: that of Maven, or another that is installed beside it. */
    private static Path javaOfGradle() throws IOException {
        Path ofMaven = Path.of(BuildProcess.property("streamx.maven.java.home"));
        List<Path> candidates = new ArrayList<>(List.of(ofMaven));
        for (Path beside : List.of(ofMaven, jdk())) {
            try (Stream<Path> all = Files.list(beside.toAbsolutePath().getParent())) {
                all.sorted().forEach(candidates::add);
            }
        }
        for (Path candidate : candidates) {
            int version = javaVersion(candidate);
            if (version >= 17 && version <= NEWEST_JAVA) {
                return candidate;
            }
        }
        throw new TestAbortedException("no JDK of the versions 17 to " + NEWEST_JAVA + " among " + candidates
                + ": builds with Gradle were not run");
    }

    private static int javaVersion(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/java"))) {
            return 0;
        }
        Properties properties = new Properties();
        try (var in = Files.newInputStream(release)) {
            properties.load(in);
        }
        Matcher version = Pattern.compile("\"?(\\d+).*").matcher(properties.getProperty("JAVA_VERSION", ""));
        return version.matches() ? Integer.parseInt(version.group(1)) : 0;
    }

    /** Runs it to its end with those arguments. */
    public Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(javaOfGradle().resolve("bin/java").toString());
        command.addAll(JVM);
        command.addAll(GradleInstallation.command(work));
        command.addAll(List.of(
                "--no-daemon",
                "--offline",
                "--console=plain",
                "--gradle-user-home",
                work.resolve("home").toString(),
                "--init-script",
                init.toString(),
                "-Porg.gradle.java.installations.paths=" + jdk(),
                "-Dorg.gradle.welcome=never"));
        command.addAll(List.of(arguments));
        Path log = folder.resolve(".init/gradle.log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GRADLE_") || name.equals("JAVA_OPTS"));
        int exitCode = BuildProcess.run(builder, log);
        return new Outcome(exitCode, Files.readString(log, StandardCharsets.UTF_8));
    }
}
