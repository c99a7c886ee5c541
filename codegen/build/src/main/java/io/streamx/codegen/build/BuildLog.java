package io.streamx.codegen.build;

/** Where a build tool shows what it is told. */
public interface BuildLog {
    /** Something in the user's files that stops the build. */
    void error(String message);

    /** Something in the user's files that needs a look and does not stop the build. */
    void warn(String message);

    /** What was done. */
    void info(String message);
}
