package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.codegen.GeneratedFile;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.GeneratorResult;
import io.streamx.codegen.JavaGenerator;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Generates from an IDL, compiles with all warnings as errors, and initialises every class. */
final class Corpus {
    private Corpus() {}

    /** The errors with their places; none when the Java compiled and every class of it could be initialised. */
    static List<Diagnostic> errors(String idl, Path directory) throws Exception {
        Path source = Files.writeString(directory.resolve("corpus.thrift"), idl);
        IdlResult documents = ThriftIdl.load(List.of(source), List.of());
        if (documents.hasErrors()) {
            return documents.errors();
        }
        GeneratorResult result = JavaGenerator.generate(documents.allDocuments(), GeneratorOptions.DEFAULTS);
        if (result.hasErrors()) {
            return result.diagnostics();
        }
        Path classes = Files.createDirectory(directory.resolve("classes"));
        JavaSources.compile(
                result.files().stream()
                        .map(file -> JavaSources.source(file.path(), file.content()))
                        .toList(),
                classes,
                classes);
        initialise(result.files(), classes);
        return List.of();
    }

    private static void initialise(List<GeneratedFile> files, Path classes)
            throws IOException, ReflectiveOperationException {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            for (GeneratedFile file : files) {
                String name = file.path().substring(0, file.path().length() - ".java".length());
                if (!name.endsWith("package-info")) {
                    initialise(Class.forName(name.replace('/', '.'), true, loader));
                }
            }
        }
    }

    /** The values of its constants; of the values of a large enum those are that it inherits. */
    private static void initialise(Class<?> type) throws ReflectiveOperationException {
        for (Field field : type.getFields()) {
            // Parts of a large class are not public, though what it inherits from them is.
            field.setAccessible(true);
            assertThat(field.get(null)).as(field.toString()).isNotNull();
        }
    }
}
