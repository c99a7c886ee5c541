package io.streamx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Java expected of each IDL in {@code src/test/idl}; the build compiles it and other tests use it. After a change
 * that is meant, write it anew with {@code mvn -pl codegen/codegen -am test -Dgolden.refresh=true -Dtest=GoldenTest
 * -Dsurefire.failIfNoSpecifiedTests=false} and read the difference.
 */
class GoldenTest {
    private static final Path IDL = Path.of("src/test/idl");
    private static final Path EXPECTED = Path.of("src/test/golden");

    @Test
    void regeneratingChangesNothing() throws IOException {
        TreeMap<String, String> generated = generated(idlFiles());
        if (Boolean.getBoolean("golden.refresh")) {
            refresh(generated);
        }
        assertThat(generated.keySet()).isEqualTo(expectedFiles().keySet());
        expectedFiles()
                .forEach((path, content) ->
                        assertThat(generated.get(path)).as(path).isEqualTo(content));
    }

    @Test
    void theOrderOfFilesDoesNotMatter() throws IOException {
        List<Path> files = idlFiles();
        List<Path> reversed = new java.util.ArrayList<>(files);
        Collections.reverse(reversed);
        TreeMap<String, String> generated = generated(files);
        TreeMap<String, String> again = generated(reversed);
        assertThat(again).isEqualTo(generated);
    }

    private static TreeMap<String, String> generated(List<Path> idlFiles) {
        IdlResult idl = ThriftIdl.load(idlFiles, List.of());
        assertThat(idl.errors()).isEmpty();
        GeneratorResult result = JavaGenerator.generate(idl.documents(), GeneratorOptions.DEFAULTS);
        assertThat(result.diagnostics()).isEmpty();
        TreeMap<String, String> files = new TreeMap<>();
        result.files()
                .forEach(file ->
                        assertThat(files.put(file.path(), file.content())).isNull());
        return files;
    }

    private static List<Path> idlFiles() throws IOException {
        try (Stream<Path> files = Files.walk(IDL)) {
            return files.filter(file -> file.toString().endsWith(".thrift"))
                    .sorted()
                    .toList();
        }
    }

    private static TreeMap<String, String> expectedFiles() throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(EXPECTED)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = EXPECTED.relativize(path).toString().replace('\\', '/');
                files.put(name, Files.readString(path, StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private static void refresh(TreeMap<String, String> generated) throws IOException {
        for (String stale : expectedFiles().keySet()) {
            Files.delete(EXPECTED.resolve(stale));
        }
        for (var file : generated.entrySet()) {
            Path path = EXPECTED.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
