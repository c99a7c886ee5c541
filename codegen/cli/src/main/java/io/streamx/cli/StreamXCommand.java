package io.streamx.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code streamx} and where the process starts. */
@Command(
        name = "streamx",
        description = "Tools for StreamX for Java.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        subcommands = {
            CallCommand.class,
            BenchCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            ExplainCommand.class,
            GenCommand.class,
            IdlCommand.class,
            AutoComplete.GenerateCompletion.class,
            ManPageCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the input has errors, or something failed", "2:the command line is wrong"})
public final class StreamXCommand implements Runnable {
    /** What picocli writes in front of some messages. */
    private static final String ERROR = "Error: ";

    @Spec
    private @Nullable CommandSpec spec;

    private final Terminal terminal;

    private StreamXCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs the command with other inputs and outputs than those of the process, and gives its exit code. */
    static int run(Terminal terminal, String... args) {
        return new CommandLine(new StreamXCommand(terminal))
                .setOut(terminal.out())
                .setErr(terminal.err())
                // @file is data here, not a file with arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(StreamXCommand::onWrongLine)
                .execute(args);
    }

    /** Says what is wrong with a command line, and where its help is: all of that would scroll away what is wrong. */
    private static int onWrongLine(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        String what = String.valueOf(wrong.getMessage());
        err.println("streamx: bad input: " + (what.startsWith(ERROR) ? what.substring(ERROR.length()) : what));
        UnmatchedArgumentException.printSuggestions(wrong, err);
        if (command.getParent() == null) {
            command.usage(err);
        } else {
            err.println("  " + command.getCommandSpec().qualifiedName() + " --help lists the options");
        }
        return ExitCodes.BAD_INPUT;
    }

    /** What subcommands read from and write to. */
    Terminal terminal() {
        return terminal;
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing command (expected: call, bench, record, replay, explain, gen or idl)");
        }
    }

    /** Reads the version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = StreamXCommand.class.getPackage().getImplementationVersion();
            return new String[] {"streamx " + (version == null ? "(not from a release)" : version)};
        }
    }
}
