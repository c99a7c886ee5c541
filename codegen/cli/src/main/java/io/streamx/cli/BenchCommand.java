package io.streamx.cli;

import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.generic.JsonOptions;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code streamx bench}: how fast a server answers. */
@Command(
        name = "bench",
        description =
                "Makes one call again and again and measures it. Without --rate each caller makes its next call when the"
                        + " last one has ended (closed loop). With --rate calls are due at fixed times, and count from when they were"
                        + " due (open loop), so that a server that stalls cannot hide it.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all calls went well",
            "1:something failed on this machine",
            "2:the command line, the IDL or a message is wrong",
            "5:some calls failed, or none ended",
            "130:Ctrl-C; what was measured so far is told"
        })
final class BenchCommand implements Callable<Integer> {
    static final double[] PERCENTILES = {50, 75, 90, 99, 99.9, 99.99};
    static final double NANOS_PER_MILLI = 1e6;

    @ParentCommand
    private @Nullable StreamXCommand parent;

    @Mixin
    private MethodOptions methods = new MethodOptions();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "json",
            description = "The request, or each message of a stream; @file reads a file. Default: {}.")
    private String data = "{}";

    @Option(
            names = {"-c", "--callers"},
            paramLabel = "n",
            defaultValue = "10",
            description = "How many calls are made at once. Default: ${DEFAULT-VALUE}.")
    private int callers;

    @Option(
            names = {"-r", "--rate"},
            paramLabel = "n",
            description = "Calls a second, by all callers together. Default: as many as they can.")
    private double rate;

    @Option(
            names = {"-t", "--duration"},
            paramLabel = "time",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long is measured. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ofSeconds(10);

    @Option(
            names = "--warm-up",
            paramLabel = "time",
            converter = DurationConverter.class,
            defaultValue = "2s",
            description = "How long calls are made before that. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp = Duration.ofSeconds(2);

    @Option(
            names = "--messages",
            paramLabel = "n",
            description =
                    "Messages of one stream. Default: 100 for client streams; a bidirectional stream lives on, and"
                            + " what is measured is each message with its answer.")
    private @Nullable Integer messages;

    @Option(
            names = "--connections",
            paramLabel = "n",
            defaultValue = "1",
            description = "How many connections there are. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--timeout",
            paramLabel = "time",
            converter = DurationConverter.class,
            description = "Limit of each call, such as 500ms. Default: none.")
    private @Nullable Duration timeout;

    @Option(names = "--persistent", paramLabel = "key=value", description = "Metainfo for the whole chain of calls.")
    private Map<String, String> persistents = new LinkedHashMap<>();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'name: value'",
            converter = HeaderConverter.class,
            description = "An entry of what opens the stream, metadata on gRPC. May be given several times.")
    private List<HeaderConverter.Header> headers = List.of();

    @Option(names = "--html", paramLabel = "file", description = "Also write a page with the figures and charts.")
    private @Nullable Path html;

    @Option(names = "--json", description = "Write the figures as one JSON object.")
    private boolean json;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (parent == null) {
            throw new IllegalStateException("not started from a command line");
        }
        Terminal terminal = parent.terminal();
        try {
            check();
            connection.check();
            MethodDescriptor<String, String> method =
                    PreparedMethod.of(methods.descriptor(JsonOptions.DEFAULT, connection, options()), request());
            int perStream = messages != null ? messages : method.mode() == StreamingMode.CLIENT ? 100 : 0;
            BenchRun.Load load = new BenchRun.Load(callers, rate, duration, warmUp, perStream);
            try (Client client = connection
                    .client(methods.address(), method.service(), method.format())
                    .connections(connections)
                    .build()) {
                return run(new BenchRun(client, method, options(), load), load, terminal);
            }
        } catch (BadInputException | IllegalArgumentException | RpcException e) {
            Report report = Reports.of(e, JsonOptions.DEFAULT);
            new Printer(terminal, json).failure(report);
            return report.exitCode();
        }
    }

    private void check() {
        if (callers < 1 || connections < 1) {
            throw new BadInputException((callers < 1 ? "--callers: " + callers : "--connections: " + connections)
                    + " (expected: 1 or more)");
        }
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new BadInputException("--rate: " + rate + " (expected: calls a second, more than 0)");
        }
        if (messages != null && messages < 1) {
            throw new BadInputException("--messages: " + messages + " (expected: 1 or more)");
        }
    }

    private String request() throws IOException {
        try (JsonMessages all = RequestSource.open(data, false, java.io.InputStream.nullInputStream())) {
            String request = all.next();
            if (request == null || all.next() != null) {
                throw new BadInputException(
                        "-d: " + all.count() + " values (expected: one, which is sent again and again)");
            }
            return request;
        }
    }

    private CallOptions options() {
        CallOptions options = CallOptions.NONE;
        for (Map.Entry<String, String> entry : persistents.entrySet()) {
            options = options.withPersistent(entry.getKey(), entry.getValue());
        }
        for (HeaderConverter.Header header : headers) {
            options = options.withMetadata(Metadata.of(header.name(), header.value()));
        }
        return timeout == null ? options : options.withTimeout(timeout);
    }

    private int run(BenchRun bench, BenchRun.Load load, Terminal terminal) throws IOException, InterruptedException {
        bench.tryOnce();
        boolean[] interrupted = {false};
        PrintWriter err = terminal.err();
        try (Interrupts.Registration registration = terminal.interrupts().onInterrupt(() -> {
            interrupted[0] = true;
            bench.stop();
        })) {
            BenchRun.Result result = bench.run(second -> {
                err.println(String.format(
                        Locale.ROOT,
                        "%5d s  %,10d calls  p50 %s  p99 %s  %d errors",
                        second.second(),
                        second.calls(),
                        millis(second.p50()),
                        millis(second.p99()),
                        second.errors()));
                err.flush();
            });
            terminal.out().println(json ? BenchReport.json(result) : BenchReport.text(result));
            boolean hasEnded = tellWhatHasNotEnded(result, err);
            boolean isWritten = html == null || write(html, BenchPage.of(title(load), result), err);
            err.flush();
            if (!isWritten) {
                return ExitCodes.FAILED;
            }
            if (interrupted[0]) {
                return ExitCodes.INTERRUPTED;
            }
            return hasEnded && result.errorCount() == 0 ? ExitCodes.OK : ExitCodes.RPC_ERROR;
        }
    }

    /** A server that hangs must not look well for want of figures. Returns whether any call has ended. */
    private boolean tellWhatHasNotEnded(BenchRun.Result result, PrintWriter err) {
        long ended = result.latencies().getTotalCount() + result.errorCount();
        long open = Math.round(rate * result.seconds()) - ended;
        if (open > 0) {
            err.println(String.format(
                    Locale.ROOT,
                    "streamx: %,d %s due and had not ended; no latency counts %s",
                    open,
                    open == 1 ? "call was" : "calls were",
                    open == 1 ? "it" : "them"));
        } else if (ended == 0) {
            err.println("streamx: no call ended");
        }
        return ended > 0;
    }

    private static boolean write(Path file, String page, PrintWriter err) {
        try {
            Files.writeString(file, page);
            err.println("streamx: wrote " + file);
            return true;
        } catch (IOException e) {
            err.println("streamx: failed: --html: " + file + ": cannot be written: " + e);
            return false;
        }
    }

    private String title(BenchRun.Load load) {
        return methods.target() + " at " + methods.address() + ", " + load.callers() + " callers on " + connections
                + (connections == 1 ? " connection, " : " connections, ")
                + (load.rate() == 0
                        ? "closed loop"
                        : String.format(Locale.ROOT, "open loop with %.0f calls a second", load.rate()));
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / NANOS_PER_MILLI);
    }

    /** A percentile as people write it. */
    static String name(double percentile) {
        return percentile == Math.rint(percentile)
                ? String.format(Locale.ROOT, "%.0f %%", percentile)
                : percentile + " %";
    }

    static long at(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile);
    }
}
