package io.streamx.gradle;

import io.streamx.codegen.build.BuildLog;
import io.streamx.codegen.build.CompatibilityCheck;
import io.streamx.codegen.build.ThriftFilesException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.gradle.api.GradleException;
import org.gradle.api.file.ConfigurableFileCollection;
import org.gradle.api.file.RegularFileProperty;
import org.gradle.api.provider.Property;
import org.gradle.api.tasks.CacheableTask;
import org.gradle.api.tasks.Input;
import org.gradle.api.tasks.InputFiles;
import org.gradle.api.tasks.OutputFile;
import org.gradle.api.tasks.PathSensitive;
import org.gradle.api.tasks.PathSensitivity;
import org.gradle.api.tasks.SkipWhenEmpty;
import org.gradle.api.tasks.TaskAction;
import org.gradle.api.tasks.VerificationException;

/**
 * Compares the Thrift files with an older version of them and fails when something breaks: peers on the wire, in either
 * direction, or Java written against the generated classes. Each finding is logged, and written to the report, with its place,
 * kind and reason. Without an older version there is nothing to do.
 */
@CacheableTask
public abstract class CheckThriftCompatibility extends ThriftTask {
    /** The older version: one folder, or one jar. */
    @InputFiles
    @SkipWhenEmpty
    @PathSensitive(PathSensitivity.RELATIVE)
    public abstract ConfigurableFileCollection getBaseline();

    /**
     * Which findings fail the task: {@code any}, or those for {@code wire} or {@code source} alone. Other findings are
     * warnings.
     */
    @Input
    public abstract Property<String> getFailOn();

    /** The findings, one a line; empty if there are none. */
    @OutputFile
    public abstract RegularFileProperty getReport();

    private Path older() {
        Set<File> files = getBaseline().getFiles();
        if (files.size() != 1) {
            throw new GradleException("baseline: " + files + " (expected: one folder or jar)");
        }
        Path older = files.iterator().next().toPath();
        if (!Files.exists(older)) {
            throw new GradleException("baseline: " + older + " (expected: a folder or jar that exists)");
        }
        return older;
    }

    /** Called by Gradle when an input has changed. */
    @TaskAction
    public void check() {
        Path older = older();
        List<String> found = new ArrayList<>();
        BuildLog log = log();
        BuildLog recording = new BuildLog() {
            @Override
            public void error(String message) {
                found.add(message);
                log.error(message);
            }

            @Override
            public void warn(String message) {
                found.add(message);
                log.warn(message);
            }

            @Override
            public void info(String message) {
                log.info(message);
            }
        };
        try {
            try {
                new CompatibilityCheck(
                                sources(),
                                getIncludes().get(),
                                getExcludes().get(),
                                paths(getIncludeDirectories()),
                                paths(getDependencies()),
                                getFailOn().get())
                        .run(older, recording);
            } finally {
                Files.write(getReport().get().getAsFile().toPath(), found, StandardCharsets.UTF_8);
            }
        } catch (ThriftFilesException e) {
            throw new VerificationException(String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new GradleException(e.getMessage(), e);
        } catch (IOException e) {
            throw new GradleException("Cannot compare with " + older + ": " + e, e);
        }
    }
}
