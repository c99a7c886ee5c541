package io.streamx.codegen.build;

/** Where a build tool shows what it is told. */
public interface BuildLog {
    /** Something in the user's files that stops the build. */
    void error(String message);

    /** Something in the user's files that does not. */
    void warn(String message);

    /** How it went. */
    void info(String message);
}
