package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom inside and between modules, where Maven's dependencies cannot tell; docs/architecture.md says the same
 * in words. Looks at the sources of the main code of all published modules.
 */
class ArchitectureTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Path CORE = ROOT.resolve("core/core/src/main/java/io/streamx");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
    private static final Pattern GRPC = Pattern.compile("grpc", Pattern.CASE_INSENSITIVE);
    /** The folders of published modules, and what lies in them that is not published. */
    private static final List<String> WINGS =
            List.of("core", "payload", "protocol", "codegen", "registry", "integration");

    @Test
    void whatWireModulesImplementAndAreGivenUsesNothingOfTheEngine() {
        assertThat(namesOfIn(CORE.resolve("wire"), "io.streamx.engine")).isEmpty();
        assertThat(namesOfIn(CORE.resolve("net"), "io.streamx.engine")).isEmpty();
    }

    @Test
    void wireModulesUseNothingOfTheEngineNorOfClientAndServer() {
        for (Path module : published()
                .filter(path -> path.startsWith(ROOT.resolve("protocol")))
                .toList()) {
            assertThat(namesOfIn(module, "io.streamx.engine")).isEmpty();
            assertThat(namesOfIn(module, "io.streamx.client")).isEmpty();
            assertThat(namesOfIn(module, "io.streamx.server")).isEmpty();
        }
    }

    @Test
    void theEngineKnowsNeitherClientNorServer() {
        assertThat(namesOfIn(CORE.resolve("engine"), "io.streamx.client")).isEmpty();
        assertThat(namesOfIn(CORE.resolve("engine"), "io.streamx.server")).isEmpty();
    }

    @Test
    void coreNamesGrpcOnlyAsOneOfTheTransports() {
        assertThat(sourcesIn(CORE)).isNotEmpty().allSatisfy(source -> {
            String code = COMMENT.matcher(read(source)).replaceAll("");
            String others = code.replace("Transport.GRPC", "")
                    .replace("descriptor.grpcPackage()", "")
                    .replace("descriptor().grpcPackage()", "");
            assertThat(GRPC.matcher(others).results().map(found -> source + ": " + found.group()))
                    .isEmpty();
        });
    }

    @Test
    void noSimpleClassNameStandsTwiceInPublishedModules() {
        Map<String, List<Path>> byName = new TreeMap<>();
        published().flatMap(ArchitectureTest::sourcesOf).forEach(source -> {
            String file = source.getFileName().toString();
            if (!file.equals("package-info.java") && !file.equals("module-info.java")) {
                byName.computeIfAbsent(file, name -> new ArrayList<>()).add(ROOT.relativize(source));
            }
        });
        assertThat(byName).hasSizeGreaterThan(300);

        byName.values().removeIf(sources -> sources.size() == 1);
        assertThat(byName).isEmpty();
    }

    /** The lines of sources below {@code folder} that name {@code packageName}, in code or Javadoc. */
    private static List<String> namesOfIn(Path folder, String packageName) {
        List<Path> sources = sourcesIn(folder);
        assertThat(sources).isNotEmpty();
        Pattern name = Pattern.compile(Pattern.quote(packageName) + "\\b");
        return sources.stream()
                .flatMap(source -> read(source)
                        .lines()
                        .filter(line -> name.matcher(line).find())
                        .map(line -> ROOT.relativize(source) + ": " + line.strip()))
                .toList();
    }

    /** The folders of main sources of published modules: all in the wings but those that hold tests alone. */
    private static Stream<Path> published() {
        return WINGS.stream()
                .map(ROOT::resolve)
                .filter(Files::isDirectory)
                .flatMap(ArchitectureTest::list)
                .filter(module -> !module.getFileName().toString().endsWith("-tests"))
                .map(module -> module.resolve("src/main/java"))
                .filter(Files::isDirectory);
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sourcesIn(Path folder) {
        return sourcesOf(folder).toList();
    }

    private static Stream<Path> sourcesOf(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
