package io.streamx.maven;

import io.streamx.codegen.GeneratedFile;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.GeneratorResult;
import io.streamx.codegen.JavaGenerator;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.Document;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** What both goals do; they differ in their folders. */
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

    /** Which of them are not: Ant patterns, which go before those of {@code includes}. */
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

    /** Does nothing if true. */
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

    static Path required(@Nullable File folder, String parameter) {
        if (folder == null) {
            throw new IllegalStateException("no " + parameter + " (expected: a folder)");
        }
        return folder.toPath();
    }

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("Skipped: streamx.skip is true");
            return;
        }
        try {
            List<Path> sources = sources().files();
            OutputFolder output =
                    new OutputFolder(outputFolder(), outputFolder().resolveSibling(stateFileName()));
            List<GeneratedFile> files = sources.isEmpty() ? List.of() : generate(sources);
            OutputFolder.Changes changes = output.replace(files);
            if (!files.isEmpty()) {
                addSourceRoot(outputFolder().toString());
                getLog().info(
                                changes.any()
                                        ? changes.written() + " Java files written, " + changes.deleted() + " deleted, "
                                                + changes.unchanged() + " up to date, from " + sources.size()
                                                + " Thrift files"
                                        : "All " + changes.unchanged() + " Java files are up to date");
            } else {
                getLog().info("No Thrift files in " + sources());
            }
        } catch (IOException e) {
            throw new MojoExecutionException("Cannot generate Java from " + sources() + ": " + e, e);
        }
    }

    /** Beside the output, not in it: what is in a source folder may end up in a jar. */
    private String stateFileName() {
        return outputFolder().getFileName() + ".files";
    }

    private List<GeneratedFile> generate(List<Path> sources) throws IOException, MojoFailureException {
        try (DependencyFolders dependencies = DependencyFolders.open(dependencyFiles())) {
            List<Path> searched = new ArrayList<>();
            searched.addAll(sources().folders());
            includeDirectories.forEach(folder -> searched.add(folder.toPath()));
            searched.addAll(foldersGeneratedElsewhere());
            searched.addAll(dependencies.roots());
            IdlResult idl =
                    ThriftIdl.load(sources, searched, project().getBasedir().toPath());
            report(idl.diagnostics());
            List<Document> own = idl.allDocuments().stream()
                    .filter(document -> isGeneratedHere(document, dependencies))
                    .toList();
            GeneratorResult java = JavaGenerator.generate(own, options(own));
            report(java.diagnostics());
            return java.files().stream()
                    .filter(file -> !isGeneratedElsewhere(file))
                    .toList();
        }
    }

    private List<File> dependencyFiles() {
        return project().getArtifacts().stream()
                .map(artifact -> artifact.getFile())
                .filter(file -> file != null)
                .toList();
    }

    private boolean isGeneratedHere(Document document, DependencyFolders dependencies) {
        Path source = document.source();
        if (!source.getFileSystem().equals(FileSystems.getDefault())) {
            return false;
        }
        Path absolute = source.toAbsolutePath().normalize();
        return Stream.concat(dependencies.roots().stream(), foldersGeneratedElsewhere().stream())
                .filter(root -> root.getFileSystem().equals(FileSystems.getDefault()))
                .noneMatch(root -> absolute.startsWith(root.toAbsolutePath().normalize()));
    }

    private boolean isGeneratedElsewhere(GeneratedFile file) {
        return outputsGeneratedElsewhere().stream().anyMatch(folder -> Files.exists(folder.resolve(file.path())));
    }

    /** Only the project's own files move to another package: the classes of a dependency are where they are. */
    private GeneratorOptions options(List<Document> own) throws MojoFailureException {
        try {
            GeneratorOptions options = GeneratorOptions.DEFAULTS.withKotlin(kotlin);
            if (javaPackage != null) {
                for (Document document : own) {
                    options = options.withJavaPackage(document.name(), javaPackage);
                }
            }
            for (Map.Entry<String, String> entry : javaPackages.entrySet()) {
                options = options.withJavaPackage(entry.getKey(), entry.getValue());
            }
            return options;
        } catch (IllegalArgumentException e) {
            throw new MojoFailureException(e.getMessage(), e);
        }
    }

    private void report(List<Diagnostic> diagnostics) throws MojoFailureException {
        int errors = 0;
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.isError()) {
                errors++;
                getLog().error(diagnostic.toString());
            } else {
                getLog().warn(diagnostic.position() + ": " + diagnostic.message());
            }
        }
        if (errors > 0) {
            throw new MojoFailureException((errors == 1 ? "1 error" : errors + " errors") + " in the Thrift files of "
                    + sources() + ", listed above; nothing was generated");
        }
    }
}
