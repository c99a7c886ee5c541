package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays the steps of the recipe for a container where there is none: what it copies, in a folder that stands for the root of
 * the image; its link; its environment and its entry point. The base image and its user are not tried.
 */
@Timeout(120)
class ContainerIT {
    private static final Path RECIPE = Path.of("src/bin/Dockerfile");

    @TempDir
    private Path root;

    /** A line of the recipe: {@code COPY}, and what stands behind it. */
    private record Step(String instruction, String arguments) {}

    private static List<Step> steps() throws IOException {
        return Files.readAllLines(RECIPE).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .map(parts -> new Step(parts[0], parts[1]))
                .toList();
    }

    private Path inImage(String path) {
        return root.resolve(path.substring(1));
    }

    @Test
    void whatTheRecipeCopiesIsThereAndItsEntryPointRuns() throws Exception {
        Map<String, String> environment = new TreeMap<>();
        Path work = root;
        List<String> entryPoint = List.of();
        List<String> seen = new ArrayList<>();
        for (Step step : steps()) {
            seen.add(step.instruction);
            switch (step.instruction) {
                case "FROM" -> assertThat(step.arguments).matches("eclipse-temurin:(\\d+)-jre");
                case "COPY" -> copy(step.arguments.split(" "));
                case "RUN" -> link(step.arguments.split(" "));
                case "ENV" ->
                    environment.put(step.arguments.split("=")[0], step.arguments.split("=")[1]);
                case "USER" -> assertThat(step.arguments).doesNotStartWith("0").matches("\\d+:\\d+");
                case "WORKDIR" -> work = Files.createDirectories(inImage(step.arguments));
                case "ENTRYPOINT" ->
                    entryPoint =
                            List.of(step.arguments.replaceAll("[\\[\\]\" ]", "").split(","));
                default -> throw new AssertionError(step + " (expected: a step that this test can play)");
            }
        }
        assertThat(seen).startsWith("FROM").endsWith("ENTRYPOINT").contains("COPY", "USER");

        List<String> command = new ArrayList<>(entryPoint);
        command.add("--version");
        Path program = inImage("/usr/local/bin/" + command.get(0));
        assertThat(program).isExecutable();
        command.set(0, program.toString());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().remove("STREAMX_JAR");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.strip()).isEqualTo("streamx " + System.getProperty("streamx.cli.version"));
    }

    /** All but the last are patterns from the folder of the module, which is what is built in; the last is a folder. */
    private void copy(String... arguments) throws IOException {
        String to = arguments[arguments.length - 1];
        assertThat(to).endsWith("/");
        Path folder = Files.createDirectories(inImage(to));
        for (String pattern : Arrays.copyOf(arguments, arguments.length - 1)) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            try (Stream<Path> files = Files.list(Path.of(pattern).getParent())) {
                List<Path> matching = files.filter(matcher::matches).toList();
                assertThat(matching).as(pattern).hasSize(1);
                Files.copy(
                        matching.get(0),
                        folder.resolve(matching.get(0).getFileName()),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private void link(String... arguments) throws IOException {
        assertThat(arguments).startsWith("ln", "-s").hasSize(4);
        Path link = inImage(arguments[3]);
        Files.createDirectories(link.getParent());
        assertThat(inImage(arguments[2])).isExecutable();
        Files.createSymbolicLink(link, inImage(arguments[2]));
    }
}
