package io.streamx.gradle;

import io.streamx.codegen.build.BuildLog;
import io.streamx.codegen.build.ThriftFolders;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.gradle.api.DefaultTask;
import org.gradle.api.file.ConfigurableFileCollection;
import org.gradle.api.file.FileCollection;
import org.gradle.api.file.FileTree;
import org.gradle.api.logging.Logger;
import org.gradle.api.provider.ListProperty;
import org.gradle.api.tasks.Classpath;
import org.gradle.api.tasks.IgnoreEmptyDirectories;
import org.gradle.api.tasks.Input;
import org.gradle.api.tasks.InputFiles;
import org.gradle.api.tasks.Internal;
import org.gradle.api.tasks.PathSensitive;
import org.gradle.api.tasks.PathSensitivity;
import org.gradle.api.tasks.SkipWhenEmpty;

/**
 * What the tasks that generate and that compare read. Folders are inputs by the Thrift files in them, at their paths relative
 * to the folder, so that a result can be shared between machines.
 */
public abstract class ThriftTask extends DefaultTask {
    /** The folders with the Thrift files, in the order in which they are read. */
    @Internal
    public abstract ConfigurableFileCollection getSourceDirectories();

    /** Which of the files are read: Ant patterns, relative to their folder. */
    @Input
    public abstract ListProperty<String> getIncludes();

    /** Which of the files are not read: Ant patterns. */
    @Input
    public abstract ListProperty<String> getExcludes();

    /** More folders in which to look for included files. */
    @Internal
    public abstract ConfigurableFileCollection getIncludeDirectories();

    /** Jars and folders whose Thrift files may be included, and whose Java comes with them. */
    @Classpath
    public abstract ConfigurableFileCollection getDependencies();

    /** The files that are read: those of the source folders that match the patterns. Nothing is done where there is none. */
    @InputFiles
    @SkipWhenEmpty
    @IgnoreEmptyDirectories
    @PathSensitive(PathSensitivity.RELATIVE)
    public FileTree getSourceFiles() {
        return getSourceDirectories()
                .getAsFileTree()
                .matching(patterns -> patterns.include(getIncludes().get())
                        .exclude(getExcludes().get()));
    }

    /** All files that {@link #getSourceFiles} may include. */
    @InputFiles
    @IgnoreEmptyDirectories
    @PathSensitive(PathSensitivity.RELATIVE)
    public FileTree getIncludableFiles() {
        return includableFolders().getAsFileTree().matching(patterns -> patterns.include(ThriftFolders.ALL));
    }

    /** The folders of {@link #getIncludableFiles}. */
    FileCollection includableFolders() {
        return getSourceDirectories().plus(getIncludeDirectories());
    }

    final ThriftFolders sources() {
        return new ThriftFolders(
                paths(getSourceDirectories()),
                getIncludes().get(),
                getExcludes().get());
    }

    static List<Path> paths(FileCollection files) {
        return files.getFiles().stream().map(File::toPath).toList();
    }

    final BuildLog log() {
        Logger logger = getLogger();
        return new BuildLog() {
            @Override
            public void error(String message) {
                logger.error(message);
            }

            @Override
            public void warn(String message) {
                logger.warn(message);
            }

            @Override
            public void info(String message) {
                logger.info(message);
            }
        };
    }
}
