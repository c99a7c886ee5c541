package io.streamx.registry;

import org.opentest4j.TestAbortedException;

/** How the tests of a module end that need what is not there; its build prints the reason. */
final class Skipped {
    private Skipped() {}

    /** For the test to throw. */
    static TestAbortedException because(String reason) {
        return new TestAbortedException(reason);
    }
}
