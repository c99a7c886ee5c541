package io.streamx.maven;

import io.streamx.codegen.build.OutputFolder;
import io.streamx.codegen.build.ThriftFilesException;
import io.streamx.codegen.build.ThriftFolders;
import io.streamx.codegen.build.ThriftGeneration;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** What the goals {@code generate} and {@code generate-test} do, which differ in their folders alone. */
abstract class AbstractGenerateMojo extends AbstractMojo {
    /** The project that is built. */
    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    @Nullable
    MavenProject project;

    /**
     * Which of the files in the source folders are read: Ant patterns, relative to their folder. A file that is included by
     * another is read all the same.
     */
    @Parameter(property = "streamx.includes", defaultValue = ThriftFolders.ALL)
    List<String> includes = List.of(ThriftFolders.ALL);

    /** Which of the files in the source folders are not read: Ant patterns, which go before those of {@code includes}. */
    @Parameter(property = "streamx.excludes")
    List<String> excludes = List.of();

    /**
     * More folders in which to look for included files, behind the project's folder and that of the including file and
     * before the jars of the dependencies. Java is generated for the files included from here, but not for those
     * included from jars.
     */
    @Parameter(property = "streamx.includeDirectories")
    List<File> includeDirectories = List.of();

    /** The Java package of all generated files, instead of the one their IDL names. */
    @Parameter(property = "streamx.javaPackage")
    @Nullable
    String javaPackage;

    /** The Java packages of single files, by file name without extension; goes before {@code javaPackage}. */
    @Parameter
    Map<String, String> javaPackages = Map.of();

    /**
     * Also writes, for each service, a client with suspending functions and flows of Kotlin and an interface of such to handle
     * its calls. The project compiles them with {@code kotlin-maven-plugin} and depends on {@code streamx-kotlin}.
     */
    @Parameter(property = "streamx.kotlin", defaultValue = "false")
    boolean kotlin;

    /** Whether the goal does nothing. */
    @Parameter(property = "streamx.skip", defaultValue = "false")
    boolean skip;

    /** The folders with the Thrift files. */
    abstract ThriftFolders sources();

    abstract Path outputFolder();

    /** Folders whose files may be included, and whose Java another goal generates. */
    abstract List<Path> foldersGeneratedElsewhere();

    /** Folders with the Java of another goal, which is not generated again. */
    abstract List<Path> outputsGeneratedElsewhere();

    abstract void addSourceRoot(String folder);

    final MavenProject project() {
        if (project == null) {
            throw new IllegalStateException("no project (expected: the one Maven builds)");
        }
        return project;
    }

    static File required(@Nullable File folder, String parameter) {
        if (folder == null) {
            throw new IllegalStateException("no " + parameter + " (expected: a folder)");
        }
        return folder;
    }

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("Skipped: streamx.skip is true");
            return;
        }
        ThriftFolders sources = sources();
        ThriftGeneration generation = new ThriftGeneration(
                sources,
                includeDirectories.stream().map(File::toPath).toList(),
                foldersGeneratedElsewhere(),
                outputsGeneratedElsewhere(),
                dependencies(project()),
                project().getBasedir().toPath(),
                javaPackage,
                javaPackages,
                kotlin);
        try {
            OutputFolder output =
                    OutputFolder.shared(outputFolder(), outputFolder().resolveSibling(stateFileName()));
            if (generation.run(output, new MavenLog(getLog()))) {
                addSourceRoot(outputFolder().toString());
            }
        } catch (ThriftFilesException e) {
            throw new MojoFailureException(e.getMessage(), e);
        } catch (IOException e) {
            throw new MojoExecutionException("Cannot generate Java from " + sources + ": " + e, e);
        }
    }

    /**
     * The name of the state file. The file lies beside the output folder and not in it, because what is in a source folder may
     * end up in a jar.
     */
    private String stateFileName() {
        return outputFolder().getFileName() + ".files";
    }

    static List<Path> dependencies(MavenProject project) {
        return project.getArtifacts().stream()
                .map(artifact -> artifact.getFile())
                .filter(file -> file != null)
                .map(File::toPath)
                .toList();
    }

    static List<Path> folders(File first, List<File> more) {
        return Stream.concat(Stream.of(first), more.stream()).map(File::toPath).toList();
    }
}
