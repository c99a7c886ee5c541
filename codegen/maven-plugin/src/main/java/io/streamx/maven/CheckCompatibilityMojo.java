package io.streamx.maven;

import io.streamx.codegen.Compatibility;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.Incompatibility;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.inject.Inject;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.jspecify.annotations.Nullable;

/**
 * Compares the Thrift files of the project with an older version of them and fails the build when something breaks: peers on
 * the wire, in either direction, or Java written against the generated classes. Each finding is logged with its place, kind
 * and reason.
 */
@Mojo(
        name = "check-compatibility",
        defaultPhase = LifecyclePhase.VERIFY,
        requiresDependencyResolution = ResolutionScope.COMPILE,
        threadSafe = true)
public final class CheckCompatibilityMojo extends AbstractMojo {
    /** The project that is built. */
    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    @Nullable
    MavenProject project;

    /** The session of the build, which knows its repositories. */
    @Parameter(defaultValue = "${repositorySystemSession}", readonly = true, required = true)
    @Nullable
    RepositorySystemSession session;

    /** Finds the older artifact. */
    @Inject
    @Nullable
    RepositorySystem repositories;

    /** Where the Thrift files are, in subfolders too. */
    @Parameter(defaultValue = "${project.basedir}/src/main/thrift")
    @Nullable
    File sourceDirectory;

    /** More folders with Thrift files. */
    @Parameter(property = "streamx.sourceDirectories")
    List<File> sourceDirectories = List.of();

    /** Which of the files count, in the older version too: Ant patterns, relative to their folder. */
    @Parameter(property = "streamx.includes", defaultValue = ThriftFolders.ALL)
    List<String> includes = List.of(ThriftFolders.ALL);

    /** Which of them do not: Ant patterns, which go before those of {@code includes}. */
    @Parameter(property = "streamx.excludes")
    List<String> excludes = List.of();

    /** More folders in which to look for included files. */
    @Parameter(property = "streamx.includeDirectories")
    List<File> includeDirectories = List.of();

    /** The older version: a folder, or a jar, with its Thrift files. Instead of {@code baselineArtifact}. */
    @Parameter(property = "streamx.baseline")
    @Nullable
    File baseline;

    /**
     * The older version: an artifact whose jar has the Thrift files, as {@code groupId:artifactId:version}. Instead of
     * {@code baseline}.
     */
    @Parameter(property = "streamx.baselineArtifact")
    @Nullable
    String baselineArtifact;

    /** What fails the build: {@code any}, or {@code wire} or {@code source} alone. The rest is warned of. */
    @Parameter(property = "streamx.failOn", defaultValue = "any")
    String failOn = "any";

    /** Does nothing if true. */
    @Parameter(property = "streamx.skip", defaultValue = "false")
    boolean skip;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("Skipped: streamx.skip is true");
            return;
        }
        if (!List.of("any", "wire", "source").contains(failOn)) {
            throw new MojoFailureException("failOn: " + failOn + " (expected: any, wire or source)");
        }
        Path older = older();
        try (DependencyFolders dependencies = DependencyFolders.open(dependencyFiles())) {
            ThriftFolders sources = new ThriftFolders(
                    AbstractGenerateMojo.required(sourceDirectory, "sourceDirectory"),
                    sourceDirectories,
                    includes,
                    excludes);
            IdlResult newer = read(sources, sources.files(), dependencies);
            report(compare(older, newer, dependencies));
        } catch (IOException e) {
            throw new MojoExecutionException("Cannot compare with " + older + ": " + e, e);
        }
    }

    private Path older() throws MojoFailureException, MojoExecutionException {
        if ((baseline == null) == (baselineArtifact == null)) {
            throw new MojoFailureException(
                    (baseline == null
                                    ? "baseline: not given"
                                    : "baseline: " + baseline + ", and" + " baselineArtifact: " + baselineArtifact)
                            + " (expected: either a folder or jar as baseline, or groupId:artifactId:version as baselineArtifact)");
        }
        if (baseline != null) {
            if (!baseline.exists()) {
                throw new MojoFailureException("baseline: " + baseline + " (expected: a folder or jar that exists)");
            }
            return baseline.toPath();
        }
        return resolved(String.valueOf(baselineArtifact));
    }

    private Path resolved(String coordinates) throws MojoFailureException, MojoExecutionException {
        DefaultArtifact artifact;
        try {
            artifact = new DefaultArtifact(coordinates);
        } catch (IllegalArgumentException e) {
            throw new MojoFailureException(
                    "baselineArtifact: " + coordinates + " (expected: groupId:artifactId:version)", e);
        }
        if (repositories == null || session == null) {
            throw new IllegalStateException("no repositories (expected: those of Maven)");
        }
        try {
            ArtifactRequest request = new ArtifactRequest(artifact, project().getRemoteProjectRepositories(), null);
            return repositories
                    .resolveArtifact(session, request)
                    .getArtifact()
                    .getFile()
                    .toPath();
        } catch (ArtifactResolutionException e) {
            throw new MojoExecutionException(
                    "baselineArtifact: " + coordinates + " cannot be had: " + e.getMessage(), e);
        }
    }

    private MavenProject project() {
        if (project == null) {
            throw new IllegalStateException("no project (expected: the one Maven builds)");
        }
        return project;
    }

    private List<File> dependencyFiles() {
        return project().getArtifacts().stream()
                .map(artifact -> artifact.getFile())
                .filter(file -> file != null)
                .toList();
    }

    private List<Incompatibility> compare(Path older, IdlResult newer, DependencyFolders dependencies)
            throws IOException, MojoFailureException {
        if (Files.isDirectory(older)) {
            ThriftFolders folder = new ThriftFolders(older, List.of(), includes, excludes);
            List<Path> files = folder.files();
            refuseEmpty(older, files);
            return Compatibility.check(read(folder, files, dependencies), newer, GeneratorOptions.DEFAULTS);
        }
        try (FileSystem jar = FileSystems.newFileSystem(older)) {
            Path root = jar.getPath("/");
            List<Path> files = ThriftFolders.matching(root, includes, excludes);
            refuseEmpty(older, files);
            ThriftFolders shown = new ThriftFolders(older, List.of(), includes, excludes);
            IdlResult idl = load(files, List.of(root), dependencies, root);
            refuseErrors(shown, idl);
            return Compatibility.check(idl, newer, GeneratorOptions.DEFAULTS);
        } catch (ProviderNotFoundException e) {
            throw new MojoFailureException(older + ": cannot be read as a jar (expected: a folder or jar)", e);
        }
    }

    /** With nothing to compare with, nothing would ever break. */
    private void refuseEmpty(Path older, List<Path> files) throws MojoFailureException {
        if (files.isEmpty()) {
            throw new MojoFailureException(older + ": no file matches " + includes + " without " + excludes
                    + " (expected: at least one Thrift file of the older version)");
        }
    }

    private IdlResult read(ThriftFolders folders, List<Path> files, DependencyFolders dependencies)
            throws MojoFailureException {
        IdlResult idl =
                load(files, folders.folders(), dependencies, folders.folders().get(0));
        refuseErrors(folders, idl);
        return idl;
    }

    /** Includes are looked for in the version's own folders first, so that each version finds its own. */
    private IdlResult load(List<Path> files, List<Path> folders, DependencyFolders dependencies, Path first) {
        List<Path> searched = new ArrayList<>(folders);
        includeDirectories.forEach(folder -> searched.add(folder.toPath()));
        searched.addAll(dependencies.roots());
        return ThriftIdl.load(files, searched, first);
    }

    private void refuseErrors(ThriftFolders folders, IdlResult idl) throws MojoFailureException {
        List<Diagnostic> errors = idl.errors();
        errors.forEach(error -> getLog().error(error.toString()));
        if (!errors.isEmpty()) {
            throw new MojoFailureException((errors.size() == 1 ? "1 error" : errors.size() + " errors")
                    + " in the Thrift files of " + folders + ", listed above; nothing was compared");
        }
    }

    private void report(List<Incompatibility> found) throws MojoFailureException {
        int failures = 0;
        for (Incompatibility one : found) {
            boolean fails = failOn.equals("any")
                    || one.breaks().contains(Incompatibility.Break.valueOf(failOn.toUpperCase(Locale.ROOT)));
            if (fails) {
                failures++;
                getLog().error(one.toString());
            } else {
                getLog().warn(one.toString());
            }
        }
        if (failures > 0) {
            throw new MojoFailureException((failures == 1 ? "1 change breaks" : failures + " changes break")
                    + (failOn.equals("any") ? "" : " the " + failOn) + ", listed above");
        }
        getLog().info(found.isEmpty() ? "Nothing breaks" : "Nothing breaks the " + failOn);
    }
}
