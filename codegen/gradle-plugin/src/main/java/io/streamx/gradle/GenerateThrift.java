package io.streamx.gradle;

import io.streamx.codegen.build.OutputFolder;
import io.streamx.codegen.build.ThriftFilesException;
import io.streamx.codegen.build.ThriftGeneration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gradle.api.GradleException;
import org.gradle.api.file.ConfigurableFileCollection;
import org.gradle.api.file.DirectoryProperty;
import org.gradle.api.file.FileCollection;
import org.gradle.api.provider.MapProperty;
import org.gradle.api.provider.Property;
import org.gradle.api.tasks.CacheableTask;
import org.gradle.api.tasks.Input;
import org.gradle.api.tasks.InputFiles;
import org.gradle.api.tasks.Internal;
import org.gradle.api.tasks.Optional;
import org.gradle.api.tasks.OutputDirectory;
import org.gradle.api.tasks.PathSensitive;
import org.gradle.api.tasks.PathSensitivity;
import org.gradle.api.tasks.TaskAction;

/**
 * Generates Java from the Thrift files of a source set. Files whose content stays are not touched, and files whose definition
 * is gone are deleted: the output folder is the task's own.
 *
 * <p>An included file must lie in one of the folders named here, so that Gradle knows when it changes; any other fails the task.
 */
@CacheableTask
public abstract class GenerateThrift extends ThriftTask {
    /** The Java package of all generated files, instead of the one their IDL names. */
    @Input
    @Optional
    public abstract Property<String> getJavaPackage();

    /** The Java packages of single files, by file name without extension; goes before {@code javaPackage}. */
    @Input
    public abstract MapProperty<String, String> getJavaPackages();

    /** Whether services get Kotlin beside their Java. */
    @Input
    public abstract Property<Boolean> getKotlin();

    /** Folders whose files may be included, and whose Java another task generates. */
    @Internal
    public abstract ConfigurableFileCollection getDirectoriesGeneratedElsewhere();

    /** The folders with the Java that other tasks generate, which is not generated again here. */
    @InputFiles
    @PathSensitive(PathSensitivity.RELATIVE)
    public abstract ConfigurableFileCollection getOutputsGeneratedElsewhere();

    /** The folder that the generated Java is written to. */
    @OutputDirectory
    public abstract DirectoryProperty getOutputDirectory();

    @Override
    FileCollection includableFolders() {
        return super.includableFolders().plus(getDirectoriesGeneratedElsewhere());
    }

    /** Called by Gradle when an input has changed. */
    @TaskAction
    public void generate() {
        List<Path> watched = new ArrayList<>(paths(includableFolders()));
        watched.addAll(paths(getDependencies()));
        ThriftGeneration generation = new ThriftGeneration(
                sources(),
                paths(getIncludeDirectories()),
                paths(getDirectoriesGeneratedElsewhere()),
                paths(getOutputsGeneratedElsewhere()),
                paths(getDependencies()),
                sources().folders().get(0),
                getJavaPackage().getOrNull(),
                getJavaPackages().get(),
                getKotlin().get());
        try {
            generation
                    .readingOnly(watched)
                    .run(
                            OutputFolder.owned(
                                    getOutputDirectory().get().getAsFile().toPath()),
                            log());
        } catch (ThriftFilesException e) {
            throw new GradleException(e.getMessage(), e);
        } catch (IOException e) {
            throw new GradleException("Cannot generate Java from " + sources() + ": " + e, e);
        }
    }
}
