package io.streamx.codegen.build;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/** Where included files may be found in the dependencies: jars that hold Thrift files, and folders. */
final class DependencyFolders implements AutoCloseable {
    private final List<Path> roots = new ArrayList<>();
    private final List<FileSystem> jars = new ArrayList<>();

    private DependencyFolders() {}

    /** Opens what has to be opened; the caller closes the result, and then no root can be read any more. */
    static DependencyFolders open(List<Path> dependencies) throws IOException {
        DependencyFolders folders = new DependencyFolders();
        try {
            for (Path dependency : dependencies) {
                folders.add(dependency);
            }
            return folders;
        } catch (IOException e) {
            folders.close();
            throw e;
        }
    }

    private void add(Path dependency) throws IOException {
        if (Files.isDirectory(dependency)) {
            roots.add(dependency);
        } else if (holdsThrift(dependency)) {
            FileSystem jar = FileSystems.newFileSystem(dependency);
            jars.add(jar);
            roots.add(jar.getPath("/"));
        }
    }

    private static boolean holdsThrift(Path file) throws IOException {
        if (!file.toString().endsWith(".jar")) {
            return false;
        }
        try (ZipFile jar = new ZipFile(file.toFile())) {
            return jar.stream().anyMatch(entry -> entry.getName().endsWith(".thrift"));
        } catch (IOException e) {
            throw new IOException("dependency " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    List<Path> roots() {
        return List.copyOf(roots);
    }

    @Override
    public void close() throws IOException {
        for (FileSystem jar : jars) {
            jar.close();
        }
    }
}
