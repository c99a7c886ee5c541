package io.streamx.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code streamx idl}: what is done with Thrift IDL itself. */
@Command(
        name = "idl",
        description = "Tools for Thrift IDL.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        subcommands = {IdlCheckCommand.class, IdlDiffCommand.class, IdlFormatCommand.class})
final class IdlCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private @Nullable StreamXCommand parent;

    /** What subcommands read from and write to. */
    Terminal terminal() {
        if (parent == null) {
            throw new IllegalStateException("not started from a command line");
        }
        return parent.terminal();
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Missing command (expected: check, diff or format)");
        }
    }
}
