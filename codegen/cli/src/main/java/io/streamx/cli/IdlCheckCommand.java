package io.streamx.cli;

import io.streamx.idl.Diagnostic;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code streamx idl check}: every mistake of Thrift files, without generating anything. */
@Command(
        name = "check",
        description = "Names every mistake of Thrift files and of all that they include, one a line.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the IDL is right", "1:the IDL has errors", "2:the command line is wrong"})
final class IdlCheckCommand implements Callable<Integer> {
    private static final int WRONG = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-I", "--include"},
            paramLabel = "dir",
            description = "Folder to look for included files in. May be given several times.")
    private List<Path> includeFolders = List.of();

    @Option(names = "--warnings-are-errors", description = "Exit with 1 for warnings, too.")
    private boolean warningsAreErrors;

    @Parameters(paramLabel = "file", arity = "1..*", description = "Thrift files.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("not started from a command line");
        }
        for (Path file : files) {
            ThriftOnly.refuseProtobuf(file, "protoc names the mistakes of .proto files", spec.commandLine());
        }
        PrintWriter out = spec.commandLine().getOut();
        IdlResult idl = ThriftIdl.load(files, includeFolders);
        List<Diagnostic> diagnostics = idl.diagnostics();
        diagnostics.forEach(out::println);
        boolean isWrong = warningsAreErrors ? !diagnostics.isEmpty() : idl.hasErrors();
        return isWrong ? WRONG : ExitCodes.OK;
    }
}
