package io.streamx.cli;

import io.streamx.recording.FrameTexts;
import io.streamx.recording.PlayedCall;
import io.streamx.recording.PlayedClient;
import io.streamx.recording.RecordedFrame;
import io.streamx.recording.Recording;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code streamx replay}: the clients of a recording against another server. */
@Command(
        name = "replay",
        description =
                "Sends what the clients of a recording sent to another server, and compares its answers with those"
                        + " recorded: headers, entries and messages of each call, in order; not times.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all answers are those recorded",
            "1:some are others, or are missing",
            "2:the command line, the recording or the IDL is wrong",
            "7:there is no connection"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int DIFFERS = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "What streamx record has written.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "HOST:PORT", description = "The server.")
    private String server = "";

    @Mixin
    private IdlOptions idl = new IdlOptions();

    @Option(
            names = "--ignore",
            paramLabel = "name",
            description = "An entry of headers that may differ, such as a log id. May be given several times.")
    private List<String> ignored = List.of();

    @Option(
            names = "--patience",
            paramLabel = "time",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long an answer is waited for. Default: ${DEFAULT-VALUE}.")
    private Duration patience = Duration.ofSeconds(5);

    @Option(
            names = "--pace",
            description =
                    "Make the clients' pauses again. Else all is sent as soon as the answers before it have come.")
    private boolean pace;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not started from a command line");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            InetSocketAddress to = Addresses.parse("server", server);
            List<PlayedCall> calls = PlayedClient.play(Recording.read(file), to, this::texts, patience, pace);
            return report(calls, spec.commandLine().getOut());
        } catch (BadInputException | IllegalArgumentException e) {
            err.println("streamx: bad input: " + e.getMessage());
            return ExitCodes.BAD_INPUT;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException e) {
            err.println("streamx: no connection: " + server + ": " + e);
            return ExitCodes.CONNECTION;
        }
    }

    private FrameTexts texts() {
        try {
            return idl.texts();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int report(List<PlayedCall> calls, PrintWriter out) {
        Set<String> may = Set.copyOf(ignored);
        boolean same = true;
        for (PlayedCall call : calls) {
            List<RecordedFrame> recorded = call.recorded();
            String title = call.name()
                    + (recorded.isEmpty() ? "" : " " + recorded.get(0).method());
            int differs = call.firstDifference(may);
            if (differs < 0) {
                out.println("same    " + title + ", " + recorded.size() + " answers");
            } else {
                out.println("differs " + title + ", answer " + (differs + 1) + ":");
                out.println("  recorded: " + text(recorded, differs, may));
                out.println("  replayed: " + text(call.played(), differs, may));
                same = false;
            }
        }
        return same ? ExitCodes.OK : DIFFERS;
    }

    private static String text(List<RecordedFrame> frames, int at, Set<String> may) {
        return at < frames.size() ? frames.get(at).text(may) : "nothing";
    }
}
