package io.streamx.cli;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.ClientStream;
import io.streamx.ClientStreamingClient;
import io.streamx.Metadata;
import io.streamx.ReceivingStream;
import io.streamx.RpcException;
import io.streamx.SendingStream;
import io.streamx.ServerStreamingClient;
import io.streamx.generic.JsonOptions;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import java.io.IOException;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One call of {@code streamx call}, from its first request to its exit code. */
final class CallRun {
    private static final String CTRL_C = "interrupted by the user";

    private final Channel channel;
    private final MethodDescriptor<String, String> method;
    private final CallOptions options;
    private final JsonMessages requests;
    private final Printer printer;
    private final boolean verbose;
    private final CallOutput output;
    private final EndOfStream end;
    private final CancellableContext context = CallContext.current().cancellable();
    private final AtomicInteger sent = new AtomicInteger();
    /** What went wrong with the requests, which is why the stream was cancelled then. */
    private volatile @Nullable RuntimeException wrongRequest;

    private volatile @Nullable ClientStream open;
    private volatile boolean interrupted;

    CallRun(
            Channel channel,
            MethodDescriptor<String, String> method,
            CallOptions options,
            JsonMessages requests,
            Printer printer,
            boolean verbose,
            EndOfStream end) {
        this.channel = channel;
        this.method = method;
        this.options = options;
        this.requests = requests;
        this.printer = printer;
        this.verbose = verbose;
        output = new CallOutput(printer, verbose);
        this.end = end;
    }

    /** Makes the call, tells how it ended, and gives the exit code. */
    int run(Interrupts interrupts, JsonOptions json) {
        try (Interrupts.Registration registration = interrupts.onInterrupt(this::interrupt);
                context) {
            return outcome(json);
        }
    }

    private int outcome(JsonOptions json) {
        try {
            context.call(() -> {
                call();
                return null;
            });
            return ExitCodes.OK;
        } catch (Printer.OutputClosedException e) {
            return ExitCodes.OUTPUT_CLOSED;
        } catch (RuntimeException e) {
            return failed(e, json);
        } catch (Exception e) {
            printer.failure(Report.of("failed", "failed", ExitCodes.FAILED, e.toString()));
            return ExitCodes.FAILED;
        }
    }

    private int failed(RuntimeException failure, JsonOptions json) {
        RuntimeException wrong = wrongRequest;
        Report report = Reports.of(wrong == null ? failure : wrong, json);
        if (interrupted) {
            report = Report.of(
                            "interrupted",
                            "cancelled by Ctrl-C",
                            ExitCodes.INTERRUPTED,
                            "after " + sent + " messages sent and " + output.received() + " received: "
                                    + failure.getMessage())
                    .withCancelPath(report.cancelPath());
        }
        printer.failure(report);
        return report.exitCode();
    }

    private void interrupt() {
        interrupted = true;
        ClientStream stream = open;
        if (stream != null) {
            stream.cancel(CTRL_C);
        }
        context.cancel(CTRL_C);
    }

    private void call() throws IOException {
        switch (method.mode()) {
            case UNARY -> unary();
            case SERVER -> serverStreaming();
            case CLIENT -> clientStreaming();
            case BIDIRECTIONAL -> bidirectional();
        }
    }

    private void unary() throws IOException {
        CallOptions shown = options;
        if (verbose) {
            shown = options.withBackward(entries -> printer.entries("backward", Metadata.of(new TreeMap<>(entries))))
                    .withHeaderMetadata(entries -> printer.entries("header", entries))
                    .withTrailerMetadata(entries -> printer.entries("trailer", entries));
        }
        String request = onlyRequest();
        sent.incrementAndGet();
        String reply = channel.call(method, request, shown);
        if (reply != null) {
            output.message(reply);
        }
    }

    private void serverStreaming() throws IOException {
        String request = onlyRequest();
        try (ServerStreamingClient<String> stream = channel.serverStreaming(method, request, options)) {
            opened(stream);
            sent.incrementAndGet();
            receive(stream, stream);
        }
    }

    private String onlyRequest() throws IOException {
        String request = requests.next();
        if (request == null) {
            throw new BadInputException("request: empty (expected: one JSON value)");
        }
        if (requests.next() != null) {
            throw new BadInputException(
                    requests.last() + ": a second message (expected: one, since the method takes no stream)");
        }
        return request;
    }

    private void clientStreaming() {
        try (ClientStreamingClient<String, String> stream = channel.clientStreaming(method, options)) {
            opened(stream);
            CompletableFuture<Void> allSent = send(stream, stream, () -> {});
            // A handler may answer before it has seen all requests. Then nobody waits for more input.
            CompletableFuture.anyOf(allSent, end.ended()).join();
            stream.closeSend();
            output.header(stream);
            String reply;
            try {
                reply = stream.closeAndRecv();
            } catch (RpcException e) {
                output.trailerOfFailure(stream);
                throw e;
            }
            if (reply != null) {
                output.message(reply);
            }
            output.trailer(stream);
        }
    }

    private void bidirectional() {
        try (BidiStreamingClient<String, String> stream = channel.bidiStreaming(method, options)) {
            opened(stream);
            send(stream, stream, stream::closeSend);
            receive(stream, stream);
        }
    }

    private void opened(ClientStream stream) {
        open = stream;
        if (interrupted) {
            stream.cancel(CTRL_C);
        }
    }

    /** Sends all requests from a thread of its own, which the end of the input or of the stream ends. */
    private CompletableFuture<Void> send(SendingStream<String> to, ClientStream stream, Runnable afterLast) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread sender = new Thread(
                () -> {
                    try {
                        sendAll(to);
                        afterLast.run();
                    } catch (RpcException streamHasEnded) {
                        // The thread that receives is told how the stream ended.
                    } catch (RuntimeException | IOException e) {
                        wrongRequest = e instanceof RuntimeException wrong
                                ? wrong
                                : new BadInputException("requests: cannot be read: " + e, e);
                        stream.cancel("a request is wrong");
                    } finally {
                        done.complete(null);
                    }
                },
                "streamx-requests");
        sender.setDaemon(true);
        sender.start();
        return done;
    }

    private void sendAll(SendingStream<String> to) throws IOException {
        for (String request = requests.next(); request != null; request = requests.next()) {
            try {
                to.send(request);
            } catch (IllegalArgumentException e) {
                throw new BadInputException(requests.last() + ": " + e.getMessage(), e);
            }
            sent.incrementAndGet();
        }
    }

    private void receive(ReceivingStream<String> from, ClientStream stream) {
        output.header(stream);
        try {
            for (String reply = from.recv(); reply != null; reply = from.recv()) {
                output.message(reply);
            }
        } catch (RpcException e) {
            output.trailerOfFailure(stream);
            throw e;
        }
        output.trailer(stream);
    }
}
