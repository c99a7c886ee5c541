package io.streamx.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;

/** {@code streamx generate-man-page}: the manual page of the command with all its subcommands, in the language of man. */
@Command(
        name = "generate-man-page",
        description = "Writes the manual page streamx(1), for man, to the standard output.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class)
final class ManPageCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec == null || spec.parent() == null) {
            throw new IllegalStateException("not started from a command line");
        }
        CommandSpec root = spec.parent();
        PrintWriter out = spec.commandLine().getOut();
        out.println(".TH STREAMX 1 \"\" \"" + escaped(String.join("", root.version())) + "\" \"StreamX for Java\"");
        out.println(".SH NAME");
        out.println("streamx \\- " + escaped(text(root.usageMessage().description())));
        out.println(".SH SYNOPSIS");
        List<CommandSpec> commands = commands(root);
        commands.forEach(command -> synopsis(command, out));
        commands.forEach(command -> section(command, out));
        out.flush();
    }

    /** All commands that do something by themselves, each in front of its subcommands. */
    private static List<CommandSpec> commands(CommandSpec above) {
        List<CommandSpec> commands = new ArrayList<>();
        for (CommandLine line : above.subcommands().values()) {
            CommandSpec command = line.getCommandSpec();
            if (command.subcommands().isEmpty()) {
                commands.add(command);
            } else {
                commands.addAll(commands(command));
            }
        }
        return commands;
    }

    private static void synopsis(CommandSpec command, PrintWriter out) {
        out.println(".B " + escaped(command.qualifiedName()));
        out.print("[options]");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            out.print(" \\fI" + escaped(parameter.paramLabel()) + "\\fR"
                    + (parameter.arity().isVariable() ? "..." : ""));
        }
        out.println();
        out.println(".br");
    }

    private static void section(CommandSpec command, PrintWriter out) {
        UsageMessageSpec usage = command.usageMessage();
        out.println(".SH \"" + escaped(command.qualifiedName()) + "\"");
        out.println(escaped(text(usage.description())));
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            argument("\\fI" + escaped(parameter.paramLabel()) + "\\fR", parameter, out);
        }
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                String names = escaped(String.join(", ", option.names()));
                String value = option.arity().max() == 0 ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR";
                argument("\\fB" + names + "\\fR" + value, option, out);
            }
        }
        Map<String, String> exitCodes = usage.exitCodeList();
        if (!exitCodes.isEmpty()) {
            out.println(".SS \"Exit codes\"");
            exitCodes.forEach((code, meaning) -> {
                out.println(".TP");
                out.println(".B " + escaped(code));
                out.println(escaped(meaning));
            });
        }
        if (usage.footer().length > 0) {
            out.println(".SS Examples");
            out.println(".nf");
            for (String line : usage.footer()) {
                out.println(escaped(line));
            }
            out.println(".fi");
        }
    }

    private static void argument(String name, ArgSpec argument, PrintWriter out) {
        out.println(".TP");
        out.println(name);
        String description = text(argument.description());
        String defaultValue = argument.defaultValue();
        out.println(escaped(description.replace("${DEFAULT-VALUE}", defaultValue == null ? "none" : defaultValue)));
    }

    private static String text(String[] lines) {
        return String.join(" ", lines).replace("%n", " ").replace("%%", "%");
    }

    /** Escapes {@code text}, so that man takes none of it for an instruction. */
    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
