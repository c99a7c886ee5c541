package io.streamx.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the command within the test's process, and is its user. */
final class Console {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final StringBuilder out = new StringBuilder();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private InputStream in = InputStream.nullInputStream();
    private @Nullable OutputStream typed;
    private volatile @Nullable Runnable onInterrupt;
    private volatile boolean closed;

    /** What a pipe holds. */
    Console piped(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Input that {@link #type} gives while the command runs. */
    Console typing() throws IOException {
        PipedOutputStream end = new PipedOutputStream();
        in = new PipedInputStream(end);
        typed = end;
        return this;
    }

    void type(String text) throws IOException {
        typed.write(text.getBytes(StandardCharsets.UTF_8));
        typed.flush();
    }

    void endInput() throws IOException {
        typed.close();
    }

    /** The reader of the standard output goes away. */
    Console outputClosed() {
        closed = true;
        return this;
    }

    /** Runs the command and waits for its exit code. */
    int run(String... args) {
        PrintWriter outWriter = new PrintWriter(new OutputStreamWriter(new Lines(), StandardCharsets.UTF_8), true);
        PrintWriter errWriter = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
        return StreamXCommand.run(
                new Terminal(in, outWriter, errWriter, reaction -> {
                    onInterrupt = reaction;
                    return () -> onInterrupt = null;
                }),
                args);
    }

    /** Runs the command without waiting. */
    CompletableFuture<Integer> start(String... args) {
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                exitCode.complete(run(args));
            } catch (Throwable t) {
                exitCode.completeExceptionally(t);
            }
        });
        return exitCode;
    }

    void interrupt() {
        onInterrupt.run();
    }

    /** The next line of the standard output. */
    String line() throws InterruptedException {
        String line = lines.poll(30, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line within 30 s; standard error: " + err());
        }
        return line;
    }

    String out() {
        synchronized (out) {
            return out.toString();
        }
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Takes the standard output line by line. */
    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int value) throws IOException {
            if (closed) {
                throw new IOException("Broken pipe");
            }
            if (value != '\n') {
                line.write(value);
                return;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            synchronized (out) {
                out.append(text).append('\n');
            }
            lines.add(text);
        }
    }
}
