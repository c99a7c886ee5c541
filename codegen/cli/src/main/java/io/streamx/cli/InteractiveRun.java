package io.streamx.cli;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.ClientStream;
import io.streamx.ClientStreamingClient;
import io.streamx.RpcException;
import io.streamx.SendingStream;
import io.streamx.StreamingMode;
import io.streamx.generic.JsonOptions;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One stream of {@code streamx call -i}: its messages are typed, and replies are printed as they come. */
final class InteractiveRun {
    private static final String HELP = """
            {"field": ...}  sends a message; it may go on over several lines
            :close          ends the requests, and waits for the rest of the replies; so does Ctrl-D
            :cancel         cancels the stream; so does Ctrl-C
            :help           says this""";

    private final Channel channel;
    private final MethodDescriptor<String, String> method;
    private final CallOptions options;
    private final Prompt prompt;
    private final Printer printer;
    private final CallOutput output;
    private final EndOfStream end;
    private final CancellableContext context = CallContext.current().cancellable();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile @Nullable ClientStream open;
    private volatile @Nullable String cancelled;

    InteractiveRun(
            Channel channel,
            MethodDescriptor<String, String> method,
            CallOptions options,
            Prompt prompt,
            Printer printer,
            boolean verbose,
            EndOfStream end) {
        if (method.mode() != StreamingMode.BIDIRECTIONAL && method.mode() != StreamingMode.CLIENT) {
            throw new BadInputException(
                    "-i: " + method.name() + " takes one request (expected: a method that takes a stream of requests)");
        }
        this.channel = channel;
        this.method = method;
        this.options = options;
        this.prompt = prompt;
        this.printer = printer;
        output = new CallOutput(printer, verbose);
        this.end = end;
    }

    /** Makes the call, tells how it ended, and gives the exit code. */
    int run(Interrupts interrupts, JsonOptions json) {
        try (Interrupts.Registration registration = interrupts.onInterrupt(() -> cancel("cancelled by Ctrl-C"));
                context) {
            return outcome(json);
        }
    }

    private int outcome(JsonOptions json) {
        try {
            context.run(() -> {
                if (method.mode() == StreamingMode.CLIENT) {
                    clientStreaming();
                } else {
                    bidirectional();
                }
            });
            return ExitCodes.OK;
        } catch (RuntimeException e) {
            Report report = Reports.of(e, json);
            String why = cancelled;
            if (why != null) {
                report = Report.of(
                                "interrupted",
                                why,
                                ExitCodes.INTERRUPTED,
                                "after " + sent + " messages sent and " + output.received() + " received: "
                                        + e.getMessage())
                        .withCancelPath(report.cancelPath());
            }
            printer.failure(report);
            return report.exitCode();
        }
    }

    private void cancel(String why) {
        cancelled = why;
        ClientStream stream = open;
        if (stream != null) {
            stream.cancel(why);
        }
        context.cancel(why);
        prompt.leave();
    }

    private void clientStreaming() {
        try (ClientStreamingClient<String, String> stream = channel.clientStreaming(method, options)) {
            opened(stream);
            type(stream, stream::closeSend);
            output.header(stream);
            String reply = stream.closeAndRecv();
            if (reply != null) {
                output.message(reply);
            }
            output.trailer(stream);
        }
    }

    private void bidirectional() {
        try (BidiStreamingClient<String, String> stream = channel.bidiStreaming(method, options)) {
            opened(stream);
            Thread typing = new Thread(context.wrap(() -> type(stream, stream::closeSend)), "streamx-prompt");
            typing.setDaemon(true);
            typing.start();
            try {
                output.header(stream);
                for (String reply = stream.recv(); reply != null; reply = stream.recv()) {
                    output.message(reply);
                }
                output.trailer(stream);
            } finally {
                prompt.leave();
                join(typing);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void opened(ClientStream stream) {
        open = stream;
        String why = cancelled;
        if (why != null) {
            stream.cancel(why);
        }
        end.ended().thenRun(prompt::leave);
    }

    /** Sends what is typed, until the user or the stream has enough. */
    private void type(SendingStream<String> to, Runnable closeSend) {
        try {
            for (String line = prompt.line(); line != null; line = prompt.line()) {
                String typed = line.strip();
                if (typed.equals(":close")) {
                    break;
                } else if (typed.equals(":cancel") || line.equals(Prompt.CTRL_C)) {
                    cancel("cancelled by " + (typed.equals(":cancel") ? typed : "Ctrl-C"));
                    return;
                } else if (typed.equals(":help")) {
                    printer.note(HELP);
                } else if (typed.startsWith(":")) {
                    printer.failure(Reports.badInput(typed + " (expected: JSON, :close, :cancel or :help)"));
                } else {
                    send(typed, to);
                }
            }
            closeSend.run();
        } catch (RpcException streamHasEnded) {
            // The thread that receives is told how the stream ended.
        }
    }

    /** A message that is wrong is not sent, and the stream lives on. */
    private void send(String typed, SendingStream<String> to) {
        try (JsonMessages messages = JsonMessages.of("what was typed", typed)) {
            for (String message = messages.next(); message != null; message = messages.next()) {
                to.send(message);
                sent.incrementAndGet();
            }
        } catch (BadInputException | IllegalArgumentException e) {
            printer.failure(Reports.badInput(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw new IllegalStateException("a text cannot be read", e);
        }
    }
}
