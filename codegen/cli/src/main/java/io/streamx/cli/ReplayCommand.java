package io.streamx.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
            Map<Integer, List<Recording.Event>> connections = new TreeMap<>();
            Recording.read(file)
                    .forEach(event -> connections
                            .computeIfAbsent(event.connection(), number -> new ArrayList<>())
                            .add(event));
            return play(connections, to, spec.commandLine().getOut());
        } catch (BadInputException | IllegalArgumentException e) {
            err.println("streamx: bad input: " + e.getMessage());
            return ExitCodes.BAD_INPUT;
        } catch (ExecutionException e) {
            err.println("streamx: no connection: " + server + ": " + e.getCause());
            return ExitCodes.CONNECTION;
        }
    }

    private int play(Map<Integer, List<Recording.Event>> connections, InetSocketAddress to, PrintWriter out)
            throws IOException, InterruptedException, ExecutionException {
        Map<Integer, Future<Map<String, List<Frame>>>> played = new LinkedHashMap<>();
        Map<Integer, Map<String, List<Frame>>> recorded = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Map.Entry<Integer, List<Recording.Event>> each : connections.entrySet()) {
                // A decoder of messages is for one thread.
                ReplayedConnection connection = new ReplayedConnection(each.getValue(), idl.texts(), patience, pace);
                recorded.put(each.getKey(), connection.recorded());
                played.put(each.getKey(), threads.submit(() -> connection.play(to)));
            }
        }
        boolean same = true;
        for (Map.Entry<Integer, Future<Map<String, List<Frame>>>> each : played.entrySet()) {
            same &= compare(
                    each.getKey(), recorded.get(each.getKey()), each.getValue().get(), out);
        }
        return same ? ExitCodes.OK : DIFFERS;
    }

    private boolean compare(
            int connection,
            @Nullable Map<String, List<Frame>> recorded,
            Map<String, List<Frame>> played,
            PrintWriter out) {
        Map<String, List<Frame>> before = recorded == null ? Map.of() : recorded;
        Set<String> calls = new LinkedHashSet<>(before.keySet());
        calls.addAll(played.keySet());
        boolean same = true;
        for (String call : calls) {
            same &= compare(
                    "#" + connection + " " + call,
                    before.getOrDefault(call, List.of()),
                    played.getOrDefault(call, List.of()),
                    out);
        }
        return same;
    }

    private boolean compare(String call, List<Frame> recorded, List<Frame> played, PrintWriter out) {
        String method = recorded.isEmpty() ? "" : " " + recorded.get(0).method();
        for (int i = 0; i < Math.max(recorded.size(), played.size()); i++) {
            String before = i < recorded.size() ? content(recorded.get(i)) : "nothing";
            String after = i < played.size() ? content(played.get(i)) : "nothing";
            if (!before.equals(after)) {
                out.println("differs " + call + method + ", answer " + (i + 1) + ":");
                out.println("  recorded: " + before);
                out.println("  replayed: " + after);
                return false;
            }
        }
        out.println("same    " + call + method + ", " + recorded.size() + " answers");
        return true;
    }

    private String content(Frame frame) {
        Map<String, String> entries = new TreeMap<>(frame.entries());
        ignored.forEach(entries::remove);
        return new Frame(
                        frame.connection(),
                        frame.nanos(),
                        frame.fromClient(),
                        frame.call(),
                        frame.kind(),
                        frame.method(),
                        entries,
                        frame.message(),
                        frame.note(),
                        frame.isAnswer())
                .content();
    }
}
