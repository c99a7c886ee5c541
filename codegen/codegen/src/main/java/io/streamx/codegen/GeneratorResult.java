package io.streamx.codegen;

import io.streamx.idl.Diagnostic;
import java.util.List;

/**
 * What the generator made.
 *
 * @param files sorted by path; empty if there is an error
 * @param diagnostics what the IDL cannot become in Java, such as two definitions for one class
 */
public record GeneratorResult(List<GeneratedFile> files, List<Diagnostic> diagnostics) {
    /** Copies the lists. */
    public GeneratorResult {
        files = List.copyOf(files);
        diagnostics = List.copyOf(diagnostics);
    }

    /** Whether nothing was generated. */
    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(Diagnostic::isError);
    }
}
