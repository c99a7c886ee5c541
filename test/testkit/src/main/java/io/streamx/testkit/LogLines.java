package io.streamx.testkit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What is logged while it is open, and goes nowhere else: a test that expects warnings prints none, and the output of a
 * green build shows those alone that nobody expected. Its logger writes to {@link System#out}.
 */
public final class LogLines implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final PrintStream before = System.out;
    private final List<String> lines = new ArrayList<>();

    /** Begins to listen. */
    public LogLines() {
        System.setOut(new PrintStream(new Tee(), true, StandardCharsets.UTF_8));
    }

    private final class Tee extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            if (b == '\n') {
                add(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    /** All lines that contain the text, so far. */
    public synchronized List<String> containing(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }

    /** The first line that contains the text; waits for it. */
    public synchronized String await(String text) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (containing(text).isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("no line with '" + text + "' was logged, but: " + lines);
            }
            wait(left);
        }
        return containing(text).getFirst();
    }

    @Override
    public void close() {
        System.setOut(before);
    }
}
