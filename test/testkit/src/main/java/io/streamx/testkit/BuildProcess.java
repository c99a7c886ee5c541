package io.streamx.testkit;

import java.io.IOException;
import java.nio.file.Path;

/** What the builds of users have in common that tests run with their own tools: {@link UsersMaven} and {@link UsersGradle}. */
final class BuildProcess {
    private BuildProcess() {}

    /** A system property that the POM of the module with the tests sets. */
    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("no system property " + name + " (expected: set by the module's pom.xml)");
        }
        return value;
    }

    /** Runs a build to its end, and returns its exit code. What it prints is in {@code log} then. */
    static int run(ProcessBuilder builder, Path log) throws IOException, InterruptedException {
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            return process.waitFor();
        } finally {
            // A test whose time is over is interrupted here, and leaves no build running.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
