package io.streamx.registry;

import org.opentest4j.TestAbortedException;

/** Ends tests that need a program that is not installed. The build of their module prints the reason. */
final class Skipped {
    private Skipped() {}

    /** The exception for the test to throw. */
    static TestAbortedException because(String reason) {
        return new TestAbortedException(reason);
    }
}
