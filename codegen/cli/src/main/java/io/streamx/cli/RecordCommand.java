package io.streamx.cli;

import io.streamx.recording.Recording;
import io.streamx.recording.RecordingProxy;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code streamx record}: a proxy that records what passes. */
@Command(
        name = "record",
        description =
                "Passes connections on to a server and records their bytes, in both directions with their times, until"
                        + " Ctrl-C. The file is for streamx explain and streamx replay.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the connections asked for have ended",
            "1:the file cannot be written, or the port is taken",
            "2:the command line is wrong",
            "130:Ctrl-C; the recording is whole"
        })
final class RecordCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @ParentCommand
    private @Nullable StreamXCommand parent;

    @Parameters(index = "0", paramLabel = "HOST:PORT", description = "The server.")
    private String server = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "file",
            required = true,
            description = "Where the recording goes. A file that exists is replaced.")
    private Path output = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "host:port",
            defaultValue = "127.0.0.1:0",
            description = "Where clients connect to. Default: a free port of 127.0.0.1.")
    private String listen = "127.0.0.1:0";

    @Option(
            names = "--connections",
            paramLabel = "n",
            description = "End when so many connections have ended. Default: at Ctrl-C.")
    private int connections;

    @Override
    public Integer call() {
        if (spec == null || parent == null) {
            throw new IllegalStateException("not started from a command line");
        }
        var err = spec.commandLine().getErr();
        try {
            InetSocketAddress to = Addresses.parse("server", server);
            InetSocketAddress at = Addresses.parse("--listen", listen);
            if (connections < 0) {
                throw new BadInputException("--connections: " + connections + " (expected: 1 or more)");
            }
            // The port comes first: when it is taken, an earlier recording stays.
            try (RecordingProxy proxy = new RecordingProxy(at, to);
                    Recording.Output recorder = new Recording.Output(output, server);
                    Interrupts.Registration registration =
                            parent.terminal().interrupts().onInterrupt(proxy::close)) {
                // On the standard output, where scripts read the port.
                spec.commandLine()
                        .getOut()
                        .println("recording " + at.getHostString() + ":" + proxy.port() + " -> " + server + " to "
                                + output);
                proxy.run(recorder, connections);
                err.println("streamx: recorded " + proxy.summary());
                err.flush();
                return ExitCodes.OK;
            }
        } catch (BadInputException e) {
            err.println("streamx: bad input: " + e.getMessage());
            return ExitCodes.BAD_INPUT;
        } catch (BindException e) {
            err.println("streamx: failed: --listen: " + listen + ": " + e.getMessage());
            return ExitCodes.FAILED;
        } catch (IOException e) {
            err.println("streamx: failed: " + output + ": " + e);
            return ExitCodes.FAILED;
        }
    }
}
