package io.streamx.cli;

import io.streamx.ClientStream;
import io.streamx.RpcException;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints what comes back from one call: messages always, header and trailer where the user wants to see them. */
final class CallOutput {
    private final Printer printer;
    private final boolean verbose;
    private final AtomicInteger received = new AtomicInteger();

    /** {@code verbose} says whether the user wants to see header and trailer. */
    CallOutput(Printer printer, boolean verbose) {
        this.printer = printer;
        this.verbose = verbose;
    }

    /** How many messages have come so far. Any thread. */
    int received() {
        return received.get();
    }

    /** Prints a message. */
    void message(String reply) {
        received.incrementAndGet();
        printer.message(reply);
    }

    /** Waits for the header of {@code stream} and prints it, where the user wants to see it. */
    void header(ClientStream stream) {
        if (verbose) {
            printer.entries("header", stream.headerMetadata());
        }
    }

    /** Waits for the trailer of {@code stream} and prints it, where the user wants to see it. */
    void trailer(ClientStream stream) {
        if (verbose) {
            printer.entries("trailer", stream.trailerMetadata());
        }
    }

    /** Prints the trailer of a stream that has failed: a business error comes with one, a stream that was reset has none. */
    void trailerOfFailure(ClientStream stream) {
        try {
            trailer(stream);
        } catch (RpcException thereIsNone) {
            // The stream has no trailer to show. The failure itself is reported by the caller of this method.
        }
    }
}
