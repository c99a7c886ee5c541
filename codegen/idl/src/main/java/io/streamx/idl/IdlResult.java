package io.streamx.idl;

import java.util.Collection;
import java.util.List;

/**
 * What came of reading IDL files.
 *
 * @param documents the files asked for, in that order; empty if there is an error
 * @param allDocuments those and all they include, each once, the included before the including; empty if there is an
 *     error
 * @param diagnostics errors and warnings, sorted by file, line and column
 */
public record IdlResult(List<Document> documents, List<Document> allDocuments, List<Diagnostic> diagnostics) {
    /** Copies the lists. */
    public IdlResult {
        documents = List.copyOf(documents);
        allDocuments = List.copyOf(allDocuments);
        diagnostics = List.copyOf(diagnostics);
    }

    static IdlResult failed(Collection<Diagnostic> diagnostics) {
        return new IdlResult(List.of(), List.of(), List.copyOf(diagnostics));
    }

    /** Whether nothing can be generated. */
    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(Diagnostic::isError);
    }

    /** The errors alone. */
    public List<Diagnostic> errors() {
        return diagnostics.stream().filter(Diagnostic::isError).toList();
    }

    /** The warnings alone. */
    public List<Diagnostic> warnings() {
        return diagnostics.stream().filter(diagnostic -> !diagnostic.isError()).toList();
    }
}
