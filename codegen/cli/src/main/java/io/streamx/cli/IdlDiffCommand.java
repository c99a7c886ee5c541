package io.streamx.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.streamx.codegen.Compatibility;
import io.streamx.codegen.GeneratorOptions;
import io.streamx.codegen.Incompatibility;
import io.streamx.idl.Diagnostic;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code streamx idl diff}: what a newer IDL breaks. */
@Command(
        name = "diff",
        description =
                "Names what a newer Thrift IDL breaks for those who have the older one: peers on the wire, in both"
                        + " directions, and Java written against the generated classes. One finding a line.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing breaks", "1:something breaks", "2:the command line or an IDL is wrong"})
final class IdlDiffCommand implements Callable<Integer> {
    private static final int BREAKS = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "OLD",
            description = "The older IDL: a Thrift file, or a folder or jar with Thrift files.")
    private Path older = Path.of("");

    @Parameters(index = "1", paramLabel = "NEW", description = "The newer IDL, in any of these forms.")
    private Path newer = Path.of("");

    @Option(
            names = {"-I", "--include"},
            paramLabel = "dir",
            description = "Folder to look for included files in, behind the folder of each IDL. May be given several"
                    + " times.")
    private List<Path> includeFolders = List.of();

    @Option(
            names = "--only",
            paramLabel = "wire|source",
            description = "Name what breaks the one, and leave out what breaks the other alone.")
    private @Nullable String only;

    @Option(names = "--json", description = "Write each finding as a JSON object, one a line.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not started from a command line");
        }
        for (Path place : List.of(older, newer)) {
            ThriftOnly.refuseProtobuf(place, "buf breaking compares .proto files", spec.commandLine());
        }
        PrintWriter out = spec.commandLine().getOut();
        Incompatibility.Break wanted = wanted(spec);
        try (IdlSource before = IdlSource.open(older, includeFolders);
                IdlSource after = IdlSource.open(newer, includeFolders)) {
            List<Diagnostic> errors = new ArrayList<>(before.idl().errors());
            errors.addAll(after.idl().errors());
            if (!errors.isEmpty()) {
                errors.forEach(spec.commandLine().getErr()::println);
                return ExitCodes.BAD_INPUT;
            }
            List<Incompatibility> found =
                    Compatibility.check(before.idl(), after.idl(), GeneratorOptions.DEFAULTS).stream()
                            .filter(one -> wanted == null || one.breaks().contains(wanted))
                            .toList();
            found.forEach(one -> out.println(json ? json(one) : one));
            return found.isEmpty() ? ExitCodes.OK : BREAKS;
        } catch (BadInputException e) {
            spec.commandLine().getErr().println("streamx: bad input: " + e.getMessage());
            return ExitCodes.BAD_INPUT;
        }
    }

    private Incompatibility.@Nullable Break wanted(CommandSpec command) {
        if (only == null) {
            return null;
        }
        for (Incompatibility.Break one : Incompatibility.Break.values()) {
            if (one.label().equals(only.toLowerCase(Locale.ROOT))) {
                return one;
            }
        }
        throw new ParameterException(command.commandLine(), "--only: " + only + " (expected: wire or source)");
    }

    private static String json(Incompatibility one) {
        return JsonLine.of((JsonGenerator out) -> {
            out.writeStringField("file", one.position().file());
            out.writeNumberField("line", one.position().line());
            out.writeNumberField("column", one.position().column());
            out.writeStringField("kind", one.kind().label());
            out.writeStringField("element", one.element());
            out.writeArrayFieldStart("breaks");
            for (Incompatibility.Break broken : Incompatibility.Break.values()) {
                if (one.breaks().contains(broken)) {
                    out.writeString(broken.label());
                }
            }
            out.writeEndArray();
            out.writeStringField("reason", one.reason());
        });
    }
}
