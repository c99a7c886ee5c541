package io.streamx.cli;

import io.streamx.codegen.GeneratedFile;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.GeneratorResult;
import io.streamx.codegen.JavaGenerator;
import io.streamx.codegen.SkeletonGenerator;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code streamx gen}: what the Maven plugin does, for other builds. */
@Command(
        name = "gen",
        description = "Generates Java from Thrift IDL, for the given files and all they include.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was generated",
            "1:the IDL has errors, or a file could not be written",
            "2:the command line is wrong"
        })
final class GenCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-I", "--include"},
            paramLabel = "dir",
            description = "Folder to look for included files in, behind the working directory and the including file's "
                    + "folder. May be given several times.")
    private List<Path> includeFolders = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "dir",
            defaultValue = ".",
            description = "Folder for the Java (default: the working directory).")
    private Path output = Path.of(".");

    @Option(
            names = "--package",
            paramLabel = "name",
            description = "Java package of everything, instead of what the IDL names.")
    private @Nullable String javaPackage;

    @Option(
            names = "--kotlin",
            description = "Also write suspending functions and flows of Kotlin for services, which use streamx-kotlin.")
    private boolean kotlin;

    @Option(
            names = "--skeleton",
            description = "Also write handlers and a server main to start from. A file that exists is left alone.")
    private boolean skeleton;

    @Parameters(paramLabel = "file", arity = "1..*", description = "Thrift files.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        CommandLine commandLine = commandLine();
        refuseProtobuf(commandLine);
        GeneratorOptions options = options(commandLine);
        IdlResult idl = ThriftIdl.load(files, includeFolders);
        int errors = report(idl.diagnostics(), commandLine.getErr());
        if (errors == 0) {
            GeneratorResult java = JavaGenerator.generate(idl.allDocuments(), options);
            errors = report(java.diagnostics(), commandLine.getErr());
            if (errors == 0) {
                return write(java.files(), skeletons(idl, options), commandLine);
            }
        }
        commandLine.getErr().println(errors == 1 ? "1 error" : errors + " errors");
        return CommandLine.ExitCode.SOFTWARE;
    }

    private void refuseProtobuf(CommandLine commandLine) {
        for (Path file : files) {
            ThriftOnly.refuseProtobuf(
                    file,
                    "Java for .proto files is made by protoc: with Maven the protobuf-maven-plugin, given"
                            + " io.streamx:streamx-protoc-plugin, whose main class is io.streamx.protoc.ProtocPlugin;"
                            + " examples/protobuf-quickstart has a POM to copy",
                    commandLine);
        }
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("not started from a command line");
        }
        return spec.commandLine();
    }

    private GeneratorOptions options(CommandLine commandLine) {
        try {
            GeneratorOptions options = GeneratorOptions.DEFAULTS.withKotlin(kotlin);
            return javaPackage == null ? options : options.withJavaPackage(javaPackage);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine, "--package: " + e.getMessage(), e);
        }
    }

    private static int report(List<Diagnostic> diagnostics, PrintWriter err) {
        diagnostics.forEach(err::println);
        return (int) diagnostics.stream().filter(Diagnostic::isError).count();
    }

    private List<GeneratedFile> skeletons(IdlResult idl, GeneratorOptions options) {
        return skeleton ? SkeletonGenerator.generate(idl.documents(), options) : List.of();
    }

    private int write(List<GeneratedFile> generated, List<GeneratedFile> skeletons, CommandLine commandLine) {
        try {
            for (GeneratedFile file : generated) {
                replace(output.resolve(file.path()), file);
            }
            for (GeneratedFile file : skeletons) {
                Path path = output.resolve(file.path());
                if (Files.exists(path)) {
                    commandLine.getOut().println("kept " + path);
                } else {
                    replace(path, file);
                    commandLine.getOut().println("started " + path);
                }
            }
        } catch (IOException e) {
            commandLine.getErr().println("cannot write to " + output + ": " + e);
            return CommandLine.ExitCode.SOFTWARE;
        }
        commandLine.getOut().println("generated " + generated.size() + " files in " + output);
        return CommandLine.ExitCode.OK;
    }

    /** Writes a file unless it has that content already: a build that looks at the times of files would compile it again. */
    private static void replace(Path path, GeneratedFile file) throws IOException {
        byte[] content = file.content().getBytes(StandardCharsets.UTF_8);
        if (Files.isRegularFile(path) && Arrays.equals(Files.readAllBytes(path), content)) {
            return;
        }
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.write(path, content);
    }
}
