package io.streamx.idl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A folder of IDL files to load, with results that do not name the folder. */
final class IdlFolder {
    private final Path dir;

    IdlFolder(Path dir) {
        this.dir = dir;
    }

    /** Loads one text as {@code a.thrift}. */
    static Loaded load(Path dir, String text) {
        return new IdlFolder(dir).with("a.thrift", text).load("a.thrift");
    }

    IdlFolder with(String path, String text) {
        try {
            Path file = dir.resolve(path);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Loaded load(String... files) {
        return load(List.of(), files);
    }

    Loaded load(List<Path> includeDirs, String... files) {
        List<Path> paths = Arrays.stream(files).map(dir::resolve).toList();
        return new Loaded(ThriftIdl.load(paths, includeDirs, dir.resolve("working-directory")), dir);
    }

    record Loaded(IdlResult result, Path dir) {
        /** As {@code file:line:column: message}. */
        List<String> errors() {
            return relative(result.errors());
        }

        List<String> warnings() {
            return relative(result.warnings());
        }

        private List<String> relative(List<Diagnostic> diagnostics) {
            return diagnostics.stream()
                    .map(diagnostic -> diagnostic.toString().replace(dir + "/", ""))
                    .toList();
        }

        /** The first file asked for; fails with the errors if there are any. */
        Document document() {
            if (result.hasErrors()) {
                throw new AssertionError("not accepted: " + errors());
            }
            return result.documents().get(0);
        }

        <T extends Definition> T definition(Class<T> kind, String name) {
            return document().definitions(kind).stream()
                    .filter(definition -> definition.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        StructType struct(String name) {
            return definition(StructType.class, name);
        }

        Service service(String name) {
            return definition(Service.class, name);
        }

        Constant constant(String name) {
            return definition(Constant.class, name);
        }
    }
}
