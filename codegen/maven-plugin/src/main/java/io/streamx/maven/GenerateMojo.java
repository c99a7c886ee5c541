package io.streamx.maven;

import io.streamx.codegen.build.ThriftFolders;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Generates Java from the Thrift files of {@code src/main/thrift} and adds it to the sources of the project. Files that
 * did not change are not touched, and files whose definition is gone are deleted.
 */
@Mojo(
        name = "generate",
        defaultPhase = LifecyclePhase.GENERATE_SOURCES,
        requiresDependencyResolution = ResolutionScope.COMPILE,
        threadSafe = true)
public final class GenerateMojo extends AbstractGenerateMojo {
    /** Where the Thrift files are, in subfolders too. A missing folder is an empty one. */
    @Parameter(defaultValue = "${project.basedir}/src/main/thrift")
    @Nullable
    File sourceDirectory;

    /** More folders with Thrift files. Java is generated for all files in them, as for those of {@code sourceDirectory}. */
    @Parameter(property = "streamx.sourceDirectories")
    List<File> sourceDirectories = List.of();

    /** The folder that the generated Java is written to. */
    @Parameter(defaultValue = "${project.build.directory}/generated-sources/streamx")
    @Nullable
    File outputDirectory;

    @Override
    ThriftFolders sources() {
        return new ThriftFolders(
                folders(required(sourceDirectory, "sourceDirectory"), sourceDirectories), includes, excludes);
    }

    @Override
    Path outputFolder() {
        return required(outputDirectory, "outputDirectory").toPath();
    }

    @Override
    List<Path> foldersGeneratedElsewhere() {
        return List.of();
    }

    @Override
    List<Path> outputsGeneratedElsewhere() {
        return List.of();
    }

    @Override
    void addSourceRoot(String folder) {
        project().addCompileSourceRoot(folder);
    }
}
