package io.streamx.interop;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * A folder with programs in Go, which its {@code build.sh} builds once for all test classes. Without {@code go} the tests
 * that need them are skipped, and the build says so; with {@code go}, a build that fails is a failure.
 */
final class GoModule implements BeforeAllCallback {
    private final String folder;

    /** The module in a folder of {@code interop}. */
    GoModule(String folder) {
        this.folder = folder;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (!goIsThere()) {
            throw new TestAbortedException(
                    "there is no 'go' on the PATH (expected: Go 1.26 or newer) to build test/interop/" + folder
                            + " with, so nothing in it was tried against real peers");
        }
        Built unused = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(GoModule.class))
                .computeIfAbsent(folder, Built::build, Built.class);
    }

    private static boolean goIsThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(one -> Files.isExecutable(Path.of(one, "go")));
    }

    /** A program that was built. */
    Path program(String name) {
        return Path.of(folder, "bin", name);
    }

    /** Starts a program as a process of its own, for the caller to close. */
    PeerProcess start(String program, String... arguments) {
        return PeerProcess.start(program(program), arguments);
    }

    /** That the folder was built, or why it could not be. */
    private record Built() {
        static Built build(String folder) {
            String script = "test/interop/" + folder + "/build.sh";
            try {
                Process build = new ProcessBuilder("sh", "build.sh")
                        .directory(new File(folder))
                        .redirectErrorStream(true)
                        .start();
                String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int status = build.waitFor();
                if (status != 0) {
                    throw new IllegalStateException(script + " ended with status " + status + ":\n" + said);
                }
                return new Built();
            } catch (IOException e) {
                throw new IllegalStateException("cannot run " + script, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while running " + script, e);
            }
        }
    }
}
