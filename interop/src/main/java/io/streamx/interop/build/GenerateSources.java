package io.streamx.interop.build;

import io.streamx.codegen.GeneratedFile;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.GeneratorResult;
import io.streamx.codegen.JavaGenerator;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes the Java of every IDL in a folder into another folder. Runs inside Maven, on whatever Java that has. */
public final class GenerateSources {
    private GenerateSources() {}

    /**
     * Generates.
     *
     * @param arguments the folder of the IDL and the folder for the Java
     * @throws IllegalStateException when the IDL has errors, naming file, line and column of each
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException(
                    "arguments: " + List.of(arguments) + " (expected: IDL folder, output folder)");
        }
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of(arguments[0]))) {
            files = found.filter(file -> file.toString().endsWith(".thrift"))
                    .sorted()
                    .toList();
        }
        IdlResult idl = ThriftIdl.load(files, List.of());
        refuseErrors(idl.diagnostics());
        GeneratorResult generated = JavaGenerator.generate(idl.documents(), GeneratorOptions.DEFAULTS);
        refuseErrors(generated.diagnostics());
        for (GeneratedFile file : generated.files()) {
            Path target = Path.of(arguments[1]).resolve(file.path());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.content());
        }
    }

    private static void refuseErrors(List<Diagnostic> diagnostics) {
        if (diagnostics.stream().anyMatch(Diagnostic::isError)) {
            throw new IllegalStateException("the IDL has errors: " + diagnostics);
        }
    }
}
