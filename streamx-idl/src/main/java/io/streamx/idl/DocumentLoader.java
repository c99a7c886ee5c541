package io.streamx.idl;

import java.nio.file.Path;
import java.util.List;

final class DocumentLoader {
    private final List<Path> includeDirs;
    private final Path workingDirectory;

    DocumentLoader(List<Path> includeDirs, Path workingDirectory) {
        this.includeDirs = List.copyOf(includeDirs);
        this.workingDirectory = workingDirectory;
    }

    IdlResult load(List<Path> files) {
        return IdlResult.failed(List.of(new Diagnostic(
                Diagnostic.Severity.ERROR,
                new SourcePosition(files.toString(), 1, 1),
                "not read: " + workingDirectory + includeDirs)));
    }
}
