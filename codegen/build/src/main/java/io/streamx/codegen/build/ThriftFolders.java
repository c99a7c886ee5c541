package io.streamx.codegen.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.codehaus.plexus.util.SelectorUtils;

/** Folders with Thrift files, and which of the files count. */
public final class ThriftFolders {
    /** The pattern of all Thrift files. */
    public static final String ALL = "**/*.thrift";

    private final List<Path> folders;
    private final List<String> includes;
    private final List<String> excludes;

    /** Patterns are those of Ant, relative to each folder; a folder that is named twice, or does not exist, counts for none. */
    public ThriftFolders(Collection<Path> folders, Collection<String> includes, Collection<String> excludes) {
        this.folders = List.copyOf(new LinkedHashSet<>(folders));
        this.includes = List.copyOf(includes);
        this.excludes = List.copyOf(excludes);
    }

    /** The folders, each once. */
    public List<Path> folders() {
        return folders;
    }

    /** The files, folder by folder, each folder in the order of its paths. */
    public List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                matching(folder, includes, excludes).stream()
                        .filter(file -> !files.contains(file))
                        .forEach(files::add);
            }
        }
        return files;
    }

    /** The files below a folder of any file system, a jar among them, that match the patterns, in the order of their paths. */
    static List<Path> matching(Path root, List<String> includes, List<String> excludes) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> {
                        String name = root.relativize(file).toString().replace('\\', '/');
                        return matches(includes, name) && !matches(excludes, name);
                    })
                    .sorted()
                    .toList();
        }
    }

    private static boolean matches(List<String> patterns, String name) {
        return patterns.stream()
                .anyMatch(pattern -> SelectorUtils.matchPath(
                        // As for Ant, a pattern that ends with a slash means all files below that folder.
                        pattern.endsWith("/") ? pattern + "**" : pattern, name, "/", true));
    }

    @Override
    public String toString() {
        return folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
