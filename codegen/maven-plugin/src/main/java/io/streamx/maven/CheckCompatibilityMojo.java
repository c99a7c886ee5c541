package io.streamx.maven;

import io.streamx.codegen.build.CompatibilityCheck;
import io.streamx.codegen.build.ThriftFilesException;
import io.streamx.codegen.build.ThriftFolders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

    /** The means by which the older artifact is found. */
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

    /** Which of the files do not count: Ant patterns, which go before those of {@code includes}. */
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

    /**
     * Which findings fail the build: {@code any}, or those for {@code wire} or {@code source} alone. Other findings are
     * warnings.
     */
    @Parameter(property = "streamx.failOn", defaultValue = "any")
    String failOn = "any";

    /** Whether the goal does nothing. */
    @Parameter(property = "streamx.skip", defaultValue = "false")
    boolean skip;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("Skipped: streamx.skip is true");
            return;
        }
        CompatibilityCheck check;
        try {
            check = new CompatibilityCheck(
                    new ThriftFolders(
                            AbstractGenerateMojo.folders(
                                    AbstractGenerateMojo.required(sourceDirectory, "sourceDirectory"),
                                    sourceDirectories),
                            includes,
                            excludes),
                    includes,
                    excludes,
                    includeDirectories.stream().map(File::toPath).toList(),
                    AbstractGenerateMojo.dependencies(project()),
                    failOn);
        } catch (IllegalArgumentException e) {
            throw new MojoFailureException(e.getMessage(), e);
        }
        Path older = older();
        try {
            check.run(older, new MavenLog(getLog()));
        } catch (ThriftFilesException e) {
            throw new MojoFailureException(e.getMessage(), e);
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
}
