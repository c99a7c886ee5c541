package io.streamx.cli;

import io.streamx.recording.ConnectionFrames;
import io.streamx.recording.FrameTexts;
import io.streamx.recording.RecordedFrame;
import io.streamx.recording.Recording;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code streamx explain}: a recording, frame by frame. */
@Command(
        name = "explain",
        description =
                "Prints a recording, or a capture of tcpdump or Wireshark, frame by frame: TTHeader Streaming, unary"
                        + " calls on every carrier, and gRPC; with headers, metainfo, messages as JSON where the IDL is"
                        + " given, times, and who waited for whom.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:printed", "2:the command line, the recording, the capture or the IDL is wrong"})
final class ExplainCommand implements Callable<Integer> {
    private static final double NANOS_PER_MILLI = 1e6;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "What streamx record has written, or a .pcap or .pcapng file.")
    private Path file = Path.of("");

    @Mixin
    private IdlOptions idl = new IdlOptions();

    @Option(
            names = "--port",
            paramLabel = "n",
            description = "Of a capture, only connections to servers with this port. Default: all.")
    private int port;

    @Option(names = "--calls", description = "Leave out frames of the connection alone, such as SETTINGS and PING.")
    private boolean callsOnly;

    @Option(names = "--json", description = "Write each frame as a JSON object, one a line, and no summary.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not started from a command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            Waits waits = new Waits();
            Consumer<Recording.Event> events = ConnectionFrames.reader(idl.texts(), frame -> {
                String wait = json ? "" : waits.note(frame);
                if (!callsOnly || !frame.call().isEmpty()) {
                    out.println(json ? json(frame) : text(frame, wait));
                }
            });
            List<String> notes = read(events);
            if (!json) {
                waits.summary(out);
            }
            notes.forEach(note -> err().println("streamx: " + note));
            return ExitCodes.OK;
        } catch (BadInputException | IllegalArgumentException e) {
            err().println("streamx: bad input: " + e.getMessage());
            return ExitCodes.BAD_INPUT;
        }
    }

    private PrintWriter err() {
        return java.util.Objects.requireNonNull(spec).commandLine().getErr();
    }

    /** Reads the file to its end, and gives what there is to say of it as a whole. */
    private List<String> read(Consumer<Recording.Event> events) {
        if (port < 0 || port > 65_535) {
            throw new BadInputException("--port: " + port + " (expected: 1 to 65535)");
        }
        if (CaptureFile.isCapture(file)) {
            return TcpConnections.read(file, port, events);
        }
        if (port != 0) {
            throw new BadInputException("--port: " + port + " for " + file
                    + ", which is no capture (expected: a .pcap or" + " .pcapng file)");
        }
        Recording.read(file).forEach(events);
        return List.of();
    }

    private static String text(RecordedFrame frame, String wait) {
        return String.format(Locale.ROOT, "%12.3f ms  ", frame.nanos() / NANOS_PER_MILLI) + frame + wait;
    }

    private static String json(RecordedFrame frame) {
        return JsonLine.of(out -> {
            out.writeNumberField("nanos", frame.nanos());
            out.writeNumberField("connection", frame.connection());
            out.writeStringField("from", frame.fromClient() ? "client" : "server");
            if (!frame.call().isEmpty()) {
                out.writeStringField("call", frame.call());
            }
            out.writeStringField("kind", frame.kind());
            if (!frame.method().isEmpty()) {
                out.writeStringField("method", frame.method());
            }
            if (!frame.entries().isEmpty()) {
                out.writeObjectFieldStart("entries");
                for (Map.Entry<String, String> entry : frame.entries().entrySet()) {
                    out.writeStringField(entry.getKey(), entry.getValue());
                }
                out.writeEndObject();
            }
            if (frame.message() != null) {
                out.writeStringField("message", frame.message());
            }
            if (!frame.note().isEmpty()) {
                out.writeStringField("note", frame.note());
            }
        });
    }

    /** How long each end of each call waited for the other. */
    private static final class Waits {
        private final Map<String, Call> calls = new TreeMap<>();

        private static final class Call {
            private String method = "";
            private final long began;
            private long last;
            private boolean lastFromClient;
            private long forServer;
            private long forClient;
            private int fromClient;
            private int fromServer;

            Call(long began) {
                this.began = began;
                last = began;
            }
        }

        /** Notes a frame, and says who was waited for where the turn changes. */
        String note(RecordedFrame frame) {
            if (frame.call().isEmpty() || !frame.isAnswer()) {
                return "";
            }
            String key = String.format(Locale.ROOT, "%06d %s", frame.connection(), frame.call());
            Call call = calls.get(key);
            boolean isFirst = call == null;
            if (call == null) {
                call = new Call(frame.nanos());
                calls.put(key, call);
            }
            if (!frame.method().isEmpty()) {
                call.method = frame.method();
            }
            long waited = frame.nanos() - call.last;
            boolean turns = !isFirst && call.lastFromClient != frame.fromClient();
            if (turns && frame.fromClient()) {
                call.forClient += waited;
            } else if (turns) {
                call.forServer += waited;
            }
            call.last = frame.nanos();
            call.lastFromClient = frame.fromClient();
            if (frame.fromClient()) {
                call.fromClient++;
            } else {
                call.fromServer++;
            }
            return turns
                    ? "  (" + FrameTexts.millis(waited) + " for the " + (frame.fromClient() ? "client" : "server") + ")"
                    : "";
        }

        void summary(PrintWriter out) {
            if (calls.isEmpty()) {
                return;
            }
            out.println();
            calls.forEach((key, call) -> {
                int space = key.indexOf(' ');
                out.println("#" + Integer.parseInt(key.substring(0, space)) + " " + key.substring(space + 1) + " "
                        + FrameTexts.printable(call.method)
                        + ": " + FrameTexts.millis(call.last - call.began) + ", " + call.fromClient + " frames -> "
                        + call.fromServer
                        + " <-, waited " + FrameTexts.millis(call.forServer) + " for the server, "
                        + FrameTexts.millis(call.forClient)
                        + " for the client");
            });
        }
    }
}
