package io.streamx.codegen.build;

import io.streamx.codegen.GeneratedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of generated files. Compares contents rather than times, so that whatever changed, IDL, options or plugin,
 * exactly the files it concerns are written, and a compiler sees nothing new otherwise. In a folder that others may write to
 * it deletes only what it has written itself, which it notes in a state file.
 */
public final class OutputFolder {
    private final Path folder;
    private final @Nullable Path stateFile;

    private OutputFolder(Path folder, @Nullable Path stateFile) {
        this.folder = folder;
        this.stateFile = stateFile;
    }

    /** A folder that others may write to; the state file, which may lie anywhere, is for this folder alone. */
    public static OutputFolder shared(Path folder, Path stateFile) {
        return new OutputFolder(folder, stateFile);
    }

    /** A folder that nobody else writes to: whatever file is found there has been generated, or does not belong there. */
    public static OutputFolder owned(Path folder) {
        return new OutputFolder(folder, null);
    }

    /** How many files were treated how. */
    public record Changes(int written, int deleted, int unchanged) {
        /** Whether a compiler sees anything new. */
        public boolean any() {
            return written > 0 || deleted > 0;
        }
    }

    /** Makes {@code files} the generated files of the folder. */
    public Changes replace(List<GeneratedFile> files) throws IOException {
        Set<String> gone = new TreeSet<>(written());
        Set<String> known = new TreeSet<>(gone);
        files.forEach(file -> known.add(file.path()));
        // Noted before writing: what a run leaves behind that is killed in between is deleted by a later one.
        note(known);
        int written = 0;
        for (GeneratedFile file : files) {
            gone.remove(file.path());
            written += write(file) ? 1 : 0;
        }
        int deleted = 0;
        for (String path : gone) {
            deleted += delete(path) ? 1 : 0;
        }
        known.removeAll(gone);
        note(known);
        return new Changes(written, deleted, files.size() - written);
    }

    private Collection<String> written() throws IOException {
        if (stateFile != null) {
            return Files.exists(stateFile) ? Files.readAllLines(stateFile) : List.of();
        }
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> !Files.isDirectory(file))
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
    }

    private void note(Set<String> paths) throws IOException {
        if (stateFile == null) {
            return;
        }
        if (paths.isEmpty()) {
            Files.deleteIfExists(stateFile);
        } else {
            Files.createDirectories(stateFile.toAbsolutePath().getParent());
            Files.write(stateFile, paths);
        }
    }

    private boolean write(GeneratedFile file) throws IOException {
        Path path = folder.resolve(file.path());
        byte[] content = file.content().getBytes(StandardCharsets.UTF_8);
        if (Files.isRegularFile(path) && Arrays.equals(Files.readAllBytes(path), content)) {
            return false;
        }
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.write(path, content);
        return true;
    }

    private boolean delete(String relative) throws IOException {
        Path path = folder.resolve(relative).normalize();
        if (!path.startsWith(folder.normalize()) || !Files.deleteIfExists(path)) {
            return false;
        }
        for (Path parent = path.getParent(); parent != null && !parent.equals(folder); parent = parent.getParent()) {
            try {
                Files.delete(parent);
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                break;
            }
        }
        return true;
    }
}
