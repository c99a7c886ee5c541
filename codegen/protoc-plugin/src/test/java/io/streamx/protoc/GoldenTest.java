package io.streamx.protoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java expected of each proto in {@code src/test/proto}, made by a real protoc; {@code streamx-protoc-tests} compiles
 * it and runs calls through it. After a change that is meant, write it anew with {@code mvn -pl codegen/protoc-plugin -am
 * test -Dgolden.refresh=true -Dtest=io.streamx.protoc.GoldenTest -Dsurefire.failIfNoSpecifiedTests=false} and read the
 * difference.
 */
class GoldenTest {
    private static final Path PROTOS = Path.of("src/test/proto");
    private static final Path EXPECTED = Path.of("src/test/golden");
    private static final Path EXPECTED_KOTLIN = Path.of("src/test/golden-kotlin");

    @TempDir
    Path directory;

    @Test
    void regeneratingChangesNothing() throws Exception {
        isAsExpected(generated(directory, protos()), EXPECTED);
    }

    /** The tests of {@code streamx-kotlin} compile and run Kotlin of a proto of theirs. */
    @Test
    void regeneratingKotlinChangesNothingAndLeavesTheJavaAsItIs() throws Exception {
        TreeMap<String, String> generated = generated(directory, "kotlin", protos());
        TreeMap<String, String> kotlin = new TreeMap<>(generated);
        kotlin.keySet().removeIf(path -> !path.endsWith(".kt"));
        isAsExpected(kotlin, EXPECTED_KOTLIN);

        generated.keySet().removeAll(kotlin.keySet());
        assertThat(generated).isEqualTo(Protoc.contents(EXPECTED));
    }

    private static void isAsExpected(TreeMap<String, String> generated, Path root) throws IOException {
        if (Boolean.getBoolean("golden.refresh")) {
            refresh(generated, root);
        }
        TreeMap<String, String> expected = Protoc.contents(root);
        assertThat(generated.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (path, content) -> assertThat(generated.get(path)).as(path).isEqualTo(content));
    }

    @Test
    void neitherTheOrderOfFilesNorWhatElseIsGeneratedMatters(@TempDir Path other) throws Exception {
        List<String> reversed = new ArrayList<>(protos());
        Collections.reverse(reversed);
        TreeMap<String, String> generated = generated(directory, protos());

        assertThat(generated(other, reversed)).isEqualTo(generated);
        for (String proto : List.of("golden/imports.proto", "golden/names.proto")) {
            Path alone = Files.createDirectory(other.resolve(proto.replace('/', '_')));
            assertThat(generated).containsAllEntriesOf(generated(alone, List.of(proto)));
        }
    }

    private static TreeMap<String, String> generated(Path directory, List<String> protos) throws Exception {
        return generated(directory, "", protos);
    }

    private static TreeMap<String, String> generated(Path directory, String options, List<String> protos)
            throws Exception {
        Protoc.Result result = new Protoc(directory).run(PROTOS, options, protos);
        assertThat(result.said()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.files();
    }

    private static List<String> protos() throws IOException {
        try (Stream<Path> files = Files.walk(PROTOS)) {
            return files.filter(file -> file.toString().endsWith(".proto"))
                    .map(file -> PROTOS.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static void refresh(TreeMap<String, String> generated, Path root) throws IOException {
        for (String stale : Files.exists(root) ? Protoc.contents(root).keySet() : List.<String>of()) {
            Files.delete(root.resolve(stale));
        }
        for (var file : generated.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
