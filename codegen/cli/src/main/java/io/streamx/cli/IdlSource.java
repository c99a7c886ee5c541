package io.streamx.cli;

import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Thrift IDL of a file, of a folder, or of a jar, read with all it includes. */
final class IdlSource implements AutoCloseable {
    private final IdlResult idl;
    private final @Nullable FileSystem jar;

    private IdlSource(IdlResult idl, @Nullable FileSystem jar) {
        this.idl = idl;
        this.jar = jar;
    }

    /**
     * Reads the IDL at {@code place}. The caller closes the result.
     *
     * <p>Includes are looked for from the folder of the IDL and not from the working directory: of two versions each is to
     * find its own.
     *
     * @param place a Thrift file, or a folder or jar whose Thrift files are read, those of subfolders too
     * @param includeFolders more folders to look for includes in
     * @throws BadInputException if there is no such place, or no Thrift file in it
     */
    static IdlSource open(Path place, List<Path> includeFolders) throws IOException {
        if (Files.isDirectory(place)) {
            return new IdlSource(readFolder(place, place, includeFolders), null);
        }
        if (!Files.isRegularFile(place)) {
            throw new BadInputException(place + ": no such file (expected: a Thrift file, a folder or a jar)");
        }
        if (!place.toString().endsWith(".jar") && !place.toString().endsWith(".zip")) {
            Path folder = place.toAbsolutePath().getParent();
            return new IdlSource(
                    ThriftIdl.load(List.of(place), includeFolders, folder == null ? Path.of("") : folder), null);
        }
        FileSystem jar;
        try {
            jar = FileSystems.newFileSystem(place);
        } catch (IOException | ProviderNotFoundException e) {
            throw new BadInputException(place + ": cannot be read as a jar: " + e.getMessage());
        }
        try {
            return new IdlSource(readFolder(jar.getPath("/"), place, includeFolders), jar);
        } catch (IOException | BadInputException e) {
            jar.close();
            throw e;
        }
    }

    private static IdlResult readFolder(Path folder, Path shown, List<Path> includeFolders) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".thrift") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            throw new BadInputException(shown + ": no file ends with .thrift (expected: at least one)");
        }
        List<Path> searched = new ArrayList<>(List.of(folder));
        searched.addAll(includeFolders);
        return ThriftIdl.load(files, searched, folder);
    }

    IdlResult idl() {
        return idl;
    }

    @Override
    public void close() throws IOException {
        if (jar != null) {
            jar.close();
        }
    }
}
