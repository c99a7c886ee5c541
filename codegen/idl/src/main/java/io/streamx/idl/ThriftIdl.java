package io.streamx.idl;

import java.nio.file.Path;
import java.util.List;

/** Reads Thrift IDL files with all they include. */
public final class ThriftIdl {
    private ThriftIdl() {}

    /**
     * Reads, links and checks. Mistakes in the IDL, a file that cannot be read among them, are diagnostics of the
     * result, all at once; nothing is thrown for them.
     *
     * <p>An include is looked for from the working directory, then beside the including file, then in
     * {@code includeDirs}. All of them may be paths of any file system, so that includes can come from jars; the caller
     * opens and closes those.
     *
     * @param files the files to read; relative ones are taken from the working directory of this process
     * @param includeDirs folders to look for includes in, the first that has the file wins
     */
    public static IdlResult load(List<Path> files, List<Path> includeDirs) {
        return load(files, includeDirs, Path.of(""));
    }

    /**
     * Reads files as {@link #load(List, List)} does, but looks for includes from {@code workingDirectory} and not from the
     * working directory of this process.
     */
    public static IdlResult load(List<Path> files, List<Path> includeDirs, Path workingDirectory) {
        return new DocumentLoader(includeDirs, workingDirectory).load(files);
    }
}
