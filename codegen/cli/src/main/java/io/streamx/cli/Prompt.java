package io.streamx.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lines that are typed at the terminal of the process, with a history that outlives it. What others write meanwhile appears
 * above the line that is being typed. One thread reads; any may write or {@link #leave}.
 */
final class Prompt implements Closeable {
    /** What {@link #line} gives at Ctrl-C. */
    static final String CTRL_C = "\u0003";

    private final org.jline.terminal.Terminal terminal;
    private final LineReader reader;
    private final Object lock = new Object();
    private @Nullable Thread reading;
    private boolean left;

    private Prompt(org.jline.terminal.Terminal terminal) {
        this.terminal = terminal;
        DefaultParser parser = new DefaultParser();
        // A value goes on over several lines while a brace, a bracket or a text is open.
        parser.setEofOnUnclosedBracket(DefaultParser.Bracket.CURLY, DefaultParser.Bracket.SQUARE);
        parser.setEofOnUnclosedQuote(true);
        parser.setQuoteChars(new char[] {'"'});
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("streamx")
                .parser(parser)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, ". ")
                .variable(LineReader.HISTORY_FILE, history())
                .build();
    }

    /**
     * Takes the terminal of the process, which closing gives back.
     *
     * @throws BadInputException when there is none
     */
    static Prompt open() throws IOException {
        try {
            return new Prompt(TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    // Ctrl-C ends the call the way it does without a prompt.
                    .nativeSignals(false)
                    .graphemeCluster(false)
                    .build());
        } catch (IllegalStateException e) {
            throw new BadInputException(
                    "-i: no terminal (expected: standard input and output that are one; else requests come from -d or a"
                            + " pipe)",
                    e);
        }
    }

    /** Where the XDG specification has what is worth keeping and no setting. */
    private static Path history() {
        String state = System.getenv("XDG_STATE_HOME");
        Path folder = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return folder.resolve("streamx").resolve("history");
    }

    /** The inputs and outputs of the process, where the latter appear above the line that is being typed, if any. */
    Terminal terminal(Terminal process) {
        return new Terminal(process.in(), above(process.out()), above(process.err()), process.interrupts());
    }

    private PrintWriter above(PrintWriter process) {
        return new PrintWriter(new Above(process), true);
    }

    /**
     * Waits for a line, or for several of one value.
     *
     * @return {@link #CTRL_C} at Ctrl-C, null at Ctrl-D and after {@link #leave}
     */
    @Nullable
    String line() {
        synchronized (lock) {
            if (left) {
                return null;
            }
            reading = Thread.currentThread();
        }
        try {
            return reader.readLine("> ");
        } catch (EndOfFileException e) {
            return null;
        } catch (UserInterruptException e) {
            return hasLeft() ? null : CTRL_C;
        } finally {
            synchronized (lock) {
                reading = null;
                // An interrupt was meant for the prompt alone, and must not reach what this thread does next.
                boolean unused = Thread.interrupted();
            }
        }
    }

    private boolean hasLeft() {
        synchronized (lock) {
            return left;
        }
    }

    private boolean isReading() {
        synchronized (lock) {
            return reading != null;
        }
    }

    /** Ends {@link #line}, now and for ever. */
    void leave() {
        synchronized (lock) {
            left = true;
            if (reading != null) {
                reading.interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    /** Gathers what is written until it is flushed, which is at the end of a line. */
    private final class Above extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final PrintWriter otherwise;

        Above(PrintWriter otherwise) {
            this.otherwise = otherwise;
        }

        @Override
        public void write(char[] characters, int offset, int length) {
            text.append(characters, offset, length);
        }

        @Override
        public void flush() {
            if (!text.isEmpty()) {
                String lines = text.toString().stripTrailing();
                text.setLength(0);
                if (isReading()) {
                    reader.printAbove(lines);
                } else {
                    otherwise.println(lines);
                }
            }
        }

        @Override
        public void close() {
            flush();
        }
    }
}
