package io.streamx.cli;

/** Tells a command that the user wants it to end. Safe from any thread. */
@FunctionalInterface
interface Interrupts {
    /** Runs {@code reaction} at Ctrl-C, on another thread, until the result is closed. */
    Registration onInterrupt(Runnable reaction);

    /** To be closed when the command has said its last word; the process ends no earlier. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
