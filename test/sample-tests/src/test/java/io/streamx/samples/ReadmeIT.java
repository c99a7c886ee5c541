package io.streamx.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.UsersMaven;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows, copied into an empty folder as a reader does: it compiles, and its server and client agree. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadmeIT {
    private static final Path README = Path.of(System.getProperty("streamx.samples"), "..", "README.md");
    private static final List<String> SOURCES = List.of(
            "src/main/thrift/echo.thrift",
            "src/main/java/com/example/echo/EchoServer.java",
            "src/main/java/com/example/echo/EchoClient.java");

    @TempDir
    Path dir;

    /** The block of code behind the first place in the text that has those words. */
    private static String block(String text, String words) {
        int start = text.indexOf("```", text.indexOf(words));
        int begin = text.indexOf('\n', start) + 1;
        return text.substring(begin, text.indexOf("```", begin));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void copy(String text, int port) throws IOException {
        for (String source : SOURCES) {
            Path file = dir.resolve(source);
            Files.createDirectories(file.getParent());
            Files.writeString(file, block(text, "`" + source + "`").replace("8888", String.valueOf(port)));
        }
        Files.writeString(dir.resolve("pom.xml"), block(text, "`pom.xml`, in a folder with the three files"));
    }

    private Process run(String main) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-classpath",
                        dir.resolve("target/classes")
                                + System.getProperty("path.separator")
                                + System.getProperty("java.class.path"),
                        main)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitListening(Process server, int port) throws Exception {
        while (server.isAlive()) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException notYet) {
                if (Thread.currentThread().isInterrupted()) {
                    // The time of the test is over.
                    throw new AssertionError("the server does not listen on port " + port, notYet);
                }
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("the server has ended with exit code " + server.exitValue());
    }

    @Test
    void itsProjectCompilesAndItsServerAndClientAgree() throws Exception {
        int port = freePort();
        copy(Files.readString(README), port);

        UsersMaven.Outcome build = UsersMaven.in(dir).run("compile");

        assertThat(build.exitCode()).as(build.output()).isZero();
        assertThat(build.output()).doesNotContain("WARNING");
        Process server = run("com.example.echo.EchoServer");
        try {
            awaitListening(server, port);
            Process client = run("com.example.echo.EchoClient");
            try (BufferedReader said = client.inputReader()) {
                assertThat(said.readLine()).isEqualTo("ping");
                assertThat(said.readLine()).isEqualTo("hello");
            }
            assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(client.exitValue()).isZero();
            server.destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void itIsOfThisVersion() throws IOException {
        assertThat(block(Files.readString(README), "`pom.xml`, in a folder with the three files"))
                .contains("<version>" + UsersMaven.version() + "</version>");
    }
}
