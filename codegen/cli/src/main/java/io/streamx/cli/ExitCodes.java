package io.streamx.cli;

/** What the process ends with, for scripts to tell outcomes apart. */
final class ExitCodes {
    /** All went well. */
    static final int OK = 0;
    /** Something failed on this machine, such as writing a file. */
    static final int FAILED = 1;
    /** The command line, the IDL or a message is wrong; also picocli's own code. */
    static final int BAD_INPUT = 2;
    /** The handler answered with a business error. */
    static final int BUSINESS_ERROR = 3;
    /** The handler answered with an exception that the IDL declares. */
    static final int DECLARED_EXCEPTION = 4;
    /** The call failed in any other way. */
    static final int RPC_ERROR = 5;
    /** A time limit ran out. */
    static final int TIMEOUT = 6;
    /** There is no connection, or it was lost. */
    static final int CONNECTION = 7;
    /** The reader of the standard output has gone; what a process ends with that SIGPIPE kills. */
    static final int OUTPUT_CLOSED = 141;
    /** Ctrl-C; what a process ends with that SIGINT kills. */
    static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
