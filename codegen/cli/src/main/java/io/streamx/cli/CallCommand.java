package io.streamx.cli;

import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.generic.JsonOptions;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code streamx call}: calls any method with JSON. */
@Command(
        name = "call",
        description =
                "Calls a method with JSON messages. Replies go to the standard output, one a line, as they come; all"
                        + " else goes to the standard error.",
        mixinStandardHelpOptions = true,
        versionProvider = StreamXCommand.Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the call went well",
            "1:something failed on this machine",
            "2:the command line, the IDL or a message is wrong",
            "3:the handler answered with a business error",
            "4:the handler answered with an exception that the IDL declares",
            "5:the call failed in another way",
            "6:a time limit ran out",
            "7:there is no connection, or it was lost",
            "130:Ctrl-C",
            "141:the reader of the standard output has gone"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  streamx call 127.0.0.1:8888 TestService/PingPong --idl echo.thrift -d '{\"message\": \"hi\"}'",
            "  cat requests.ndjson | streamx call 127.0.0.1:8888 TestService/Echo --idl echo.thrift",
            "  streamx call 127.0.0.1:50051 acme.v1.Echo/Say --reflect -d '{\"text\": \"hi\"}'"
        })
final class CallCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable StreamXCommand parent;

    @Mixin
    private MethodOptions methods = new MethodOptions();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "json",
            description =
                    "The request, or for streams of requests all of them one after the other. @file reads a file, @ the"
                            + " standard input, which is the default for streams of requests; else the default is {}.")
    private @Nullable String data;

    @Option(
            names = {"-i", "--interactive"},
            description =
                    "Type the messages of a stream at the terminal and see replies as they come. :help says what else"
                            + " can be typed.")
    private boolean interactive;

    @Option(
            names = "--persistent",
            paramLabel = "key=value",
            description = "Metainfo for the whole chain of calls. May be given several times.")
    private Map<String, String> persistents = new LinkedHashMap<>();

    @Option(
            names = "--transient",
            paramLabel = "key=value",
            description = "Metainfo for the server called. May be given several times.")
    private Map<String, String> transients = new LinkedHashMap<>();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'name: value'",
            converter = HeaderConverter.class,
            description = "An entry of what opens the stream, metadata on gRPC. May be given several times.")
    private List<HeaderConverter.Header> headers = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "time",
            converter = DurationConverter.class,
            description = "Limit of the whole call, such as 500ms, 1.5s or 2m. Default: none.")
    private @Nullable Duration timeout;

    @Option(
            names = "--recv-timeout",
            paramLabel = "time",
            converter = DurationConverter.class,
            description = "Limit of the wait for each message of a stream. Default: none.")
    private @Nullable Duration recvTimeout;

    @Option(names = "--compression", paramLabel = "name", description = "Compress messages on gRPC, such as gzip.")
    private @Nullable String compression;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show headers, trailers and metainfo that come back.")
    private boolean verbose;

    @Option(names = "--json", description = "What goes to the standard error is JSON, one object a line.")
    private boolean json;

    @Option(names = "--pretty", description = "Write replies on several lines, indented.")
    private boolean pretty;

    @Option(
            names = "--longs-as-strings",
            description = "Write each i64 as a string, for readers whose numbers are doubles.")
    private boolean longsAsStrings;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Override
    public Integer call() throws IOException {
        if (parent == null) {
            throw new IllegalStateException("not started from a command line");
        }
        Terminal terminal = parent.terminal();
        Printer printer = new Printer(terminal, json);
        JsonOptions form =
                JsonOptions.DEFAULT.withLongsAsStrings(longsAsStrings).withIndentation(pretty);
        try {
            connection.check();
            MethodDescriptor<String, String> method = methods.descriptor(form, connection, options());
            checkCarries(method);
            if (interactive) {
                return interactive(terminal, method, form);
            }
            boolean sendsMany = method.mode() == StreamingMode.CLIENT || method.mode() == StreamingMode.BIDIRECTIONAL;
            EndOfStream end = new EndOfStream();
            try (Client client = connection
                            .client(methods.address(), method.service(), method.format())
                            .callListener(end)
                            .build();
                    JsonMessages requests = RequestSource.open(data, sendsMany, terminal.in())) {
                CallRun run = new CallRun(client, method, options(), requests, printer, verbose, end);
                return run.run(terminal.interrupts(), form);
            }
        } catch (BadInputException | IllegalArgumentException | RpcException e) {
            Report report = Reports.of(e, form);
            printer.failure(report);
            return report.exitCode();
        }
    }

    private int interactive(Terminal terminal, MethodDescriptor<String, String> method, JsonOptions form)
            throws IOException {
        if (data != null) {
            throw new BadInputException("-d: given with -i (expected: one of them)");
        }
        EndOfStream end = new EndOfStream();
        try (Prompt prompt = Prompt.open();
                Client client = connection
                        .client(methods.address(), method.service(), method.format())
                        .callListener(end)
                        .build()) {
            Printer above = new Printer(prompt.terminal(terminal), json);
            return new InteractiveRun(client, method, options(), prompt, above, verbose, end)
                    .run(terminal.interrupts(), form);
        }
    }

    /** Refuses options for which the chosen carrier has no room, because their values would be dropped in silence. */
    private void checkCarries(MethodDescriptor<?, ?> method) {
        if (connection.isGrpc(method.format())) {
            return;
        }
        if (compression != null) {
            throw new BadInputException("--compression: " + compression + " (expected: with --transport grpc alone)");
        }
        if (method.mode() != StreamingMode.UNARY) {
            return;
        }
        if (!headers.isEmpty()) {
            throw new BadInputException(
                    "--header: " + headers.get(0).name()
                            + " (expected: a stream or --transport grpc; unary calls on other carriers have --persistent and --transient)");
        }
        PingPong carrier = connection.carrier();
        boolean hasMetainfo = !persistents.isEmpty() || !transients.isEmpty();
        if (hasMetainfo && (carrier == PingPong.FRAMED || carrier == PingPong.BUFFERED)) {
            throw new BadInputException("--carrier: " + ConnectionOptions.name(carrier)
                    + " carries no metainfo (expected: ttheader-framed or ttheader with --persistent and --transient)");
        }
    }

    private CallOptions options() {
        CallOptions options = CallOptions.NONE;
        for (Map.Entry<String, String> entry : persistents.entrySet()) {
            options = options.withPersistent(entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, String> entry : transients.entrySet()) {
            options = options.withTransient(entry.getKey(), entry.getValue());
        }
        for (HeaderConverter.Header header : headers) {
            options = options.withMetadata(Metadata.of(header.name(), header.value()));
        }
        if (timeout != null) {
            options = options.withTimeout(timeout);
        }
        if (recvTimeout != null) {
            options = options.withRecvTimeout(RecvTimeout.of(recvTimeout));
        }
        return compression == null ? options : options.withCompression(compression);
    }
}
