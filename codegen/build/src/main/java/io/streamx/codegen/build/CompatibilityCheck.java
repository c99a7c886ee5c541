package io.streamx.codegen.build;

import io.streamx.codegen.Compatibility;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.Incompatibility;
import io.streamx.idl.Diagnostic;
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
import java.util.Locale;

/**
 * Compares the Thrift files of a project with an older version of them.
 *
 * @param project the folders with the newer version
 * @param includes which files count in the older version: Ant patterns, relative to its root
 * @param excludes which of them do not
 * @param includeFolders more folders in which to look for included files
 * @param dependencies jars and folders whose files may be included
 * @param failOn what fails: {@code any}, {@code wire} or {@code source}
 */
public record CompatibilityCheck(
        ThriftFolders project,
        List<String> includes,
        List<String> excludes,
        List<Path> includeFolders,
        List<Path> dependencies,
        String failOn) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if {@code failOn} is none of the three
     */
    public CompatibilityCheck {
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
        includeFolders = List.copyOf(includeFolders);
        dependencies = List.copyOf(dependencies);
        if (!List.of("any", "wire", "source").contains(failOn)) {
            throw new IllegalArgumentException("failOn: " + failOn + " (expected: any, wire or source)");
        }
    }

    /**
     * Logs what breaks, each finding with its place, kind and reason.
     *
     * @param older a folder or a jar with the older version
     * @throws IOException if a file cannot be read
     * @throws ThriftFilesException if something breaks that {@code failOn} names, if either version has errors, or if the
     *     older one has no Thrift files
     */
    public void run(Path older, BuildLog log) throws IOException, ThriftFilesException {
        try (DependencyFolders opened = DependencyFolders.open(dependencies)) {
            IdlResult newer = read(project, project.files(), opened, log);
            report(compare(older, newer, opened, log), log);
        }
    }

    private List<Incompatibility> compare(Path older, IdlResult newer, DependencyFolders opened, BuildLog log)
            throws IOException, ThriftFilesException {
        ThriftFolders shown = new ThriftFolders(List.of(older), includes, excludes);
        if (Files.isDirectory(older)) {
            List<Path> files = shown.files();
            refuseEmpty(older, files);
            return Compatibility.check(read(shown, files, opened, log), newer, GeneratorOptions.DEFAULTS);
        }
        try (FileSystem jar = FileSystems.newFileSystem(older)) {
            Path root = jar.getPath("/");
            List<Path> files = ThriftFolders.matching(root, includes, excludes);
            refuseEmpty(older, files);
            IdlResult idl = load(files, List.of(root), opened, root);
            refuseErrors(shown, idl, log);
            return Compatibility.check(idl, newer, GeneratorOptions.DEFAULTS);
        } catch (ProviderNotFoundException e) {
            throw new ThriftFilesException(older + ": cannot be read as a jar (expected: a folder or jar)", e);
        }
    }

    /** Refuses an older version without Thrift files: with nothing to compare with, nothing would ever break. */
    private void refuseEmpty(Path older, List<Path> files) throws ThriftFilesException {
        if (files.isEmpty()) {
            throw new ThriftFilesException(older + ": no file matches " + includes + " without " + excludes
                    + " (expected: at least one Thrift file of the older version)");
        }
    }

    private IdlResult read(ThriftFolders folders, List<Path> files, DependencyFolders opened, BuildLog log)
            throws ThriftFilesException {
        IdlResult idl = load(files, folders.folders(), opened, folders.folders().get(0));
        refuseErrors(folders, idl, log);
        return idl;
    }

    /** Includes are looked for in the version's own folders first, so that each version finds its own. */
    private IdlResult load(List<Path> files, List<Path> folders, DependencyFolders opened, Path first) {
        List<Path> searched = new ArrayList<>(folders);
        searched.addAll(includeFolders);
        searched.addAll(opened.roots());
        return ThriftIdl.load(files, searched, first);
    }

    private static void refuseErrors(ThriftFolders folders, IdlResult idl, BuildLog log) throws ThriftFilesException {
        List<Diagnostic> errors = idl.errors();
        errors.forEach(error -> log.error(error.toString()));
        if (!errors.isEmpty()) {
            throw new ThriftFilesException((errors.size() == 1 ? "1 error" : errors.size() + " errors")
                    + " in the Thrift files of " + folders + ", listed above; nothing was compared");
        }
    }

    private void report(List<Incompatibility> found, BuildLog log) throws ThriftFilesException {
        int failures = 0;
        for (Incompatibility one : found) {
            boolean fails = failOn.equals("any")
                    || one.breaks().contains(Incompatibility.Break.valueOf(failOn.toUpperCase(Locale.ROOT)));
            if (fails) {
                failures++;
                log.error(one.toString());
            } else {
                log.warn(one.toString());
            }
        }
        if (failures > 0) {
            throw new ThriftFilesException((failures == 1 ? "1 change breaks" : failures + " changes break")
                    + (failOn.equals("any") ? "" : " the " + failOn) + ", listed above");
        }
        log.info(found.isEmpty() ? "Nothing breaks" : "Nothing breaks the " + failOn);
    }
}
