package io.streamx.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * What a command reads from and writes to, and how it hears of Ctrl-C.
 *
 * @param in messages that are piped in, in UTF-8
 * @param out messages that came
 * @param err all else that is said
 * @param interrupts Ctrl-C
 */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, Interrupts interrupts) {
    /** The terminal of the process. JSON is UTF-8 whatever the locale says. */
    static Terminal ofProcess() {
        return new Terminal(System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err), new ShutdownInterrupts());
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
