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
 * Generates Java from the Thrift files of {@code src/test/thrift} and adds it to the test sources of the project. They
 * may include those of {@code src/main/thrift}, whose Java is that of the {@code generate} goal.
 */
@Mojo(
        name = "generate-test",
        defaultPhase = LifecyclePhase.GENERATE_TEST_SOURCES,
        requiresDependencyResolution = ResolutionScope.TEST,
        threadSafe = true)
public final class GenerateTestMojo extends AbstractGenerateMojo {
    /** Where the Thrift files of the tests are, in subfolders too. A missing folder is an empty one. */
    @Parameter(defaultValue = "${project.basedir}/src/test/thrift")
    @Nullable
    File testSourceDirectory;

    /** More folders with Thrift files of the tests. */
    @Parameter(property = "streamx.testSourceDirectories")
    List<File> testSourceDirectories = List.of();

    /** The folder that the generated Java of the tests is written to. */
    @Parameter(defaultValue = "${project.build.directory}/generated-test-sources/streamx")
    @Nullable
    File testOutputDirectory;

    /** Where the {@code generate} goal finds its Thrift files. */
    @Parameter(defaultValue = "${project.basedir}/src/main/thrift")
    @Nullable
    File sourceDirectory;

    /** More folders of the {@code generate} goal. */
    @Parameter(property = "streamx.sourceDirectories")
    List<File> sourceDirectories = List.of();

    /** Where the {@code generate} goal puts its Java. */
    @Parameter(defaultValue = "${project.build.directory}/generated-sources/streamx")
    @Nullable
    File outputDirectory;

    @Override
    ThriftFolders sources() {
        return new ThriftFolders(
                folders(required(testSourceDirectory, "testSourceDirectory"), testSourceDirectories),
                includes,
                excludes);
    }

    @Override
    Path outputFolder() {
        return required(testOutputDirectory, "testOutputDirectory").toPath();
    }

    @Override
    List<Path> foldersGeneratedElsewhere() {
        return folders(required(sourceDirectory, "sourceDirectory"), sourceDirectories);
    }

    @Override
    List<Path> outputsGeneratedElsewhere() {
        return List.of(required(outputDirectory, "outputDirectory").toPath());
    }

    @Override
    void addSourceRoot(String folder) {
        project().addTestCompileSourceRoot(folder);
    }
}
