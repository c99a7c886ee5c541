package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingClient;
import io.streamx.StreamException;
import io.streamx.client.Client;
import io.streamx.service.Channel;
import java.io.BufferedReader;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code streamx gen --skeleton} writes, compiled without a warning and run as its reader would. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SkeletonTest {
    private static final String IDL = """
            namespace java compiled
            struct Message { 1: required string text }
            exception Refused { 1: string reason }
            service Base { i32 Count(), oneway void Forget(1: string key) }
            service Echo extends Base {
                Message PingPong(1: Message message, 2: list<i64> at) throws (1: Refused refused),
                Message Both(1: Message message) (streaming.mode="bidirectional"),
                Message Up(1: Message message) (streaming.mode="client"),
                Message Down(1: Message message) (streaming.mode="server"),
            }
            service Other { void Nothing() }
            """;

    @TempDir
    Path directory;

    @Test
    void theServerStartsAndItsHandlersSayWhatIsMissing() throws Throwable {
        try (CompiledIdl idl = CompiledIdl.withSkeletons(IDL, directory)) {
            Process server = serve(idl.folder());
            try (BufferedReader output = server.inputReader();
                    Client client = Client.builder("skeleton")
                            .address("127.0.0.1:" + port(output.readLine()))
                            .build()) {
                assertThatThrownBy(() -> call(idl, client, "OtherClient", "nothing"))
                        .isInstanceOf(ApplicationException.class)
                        .hasMessageContaining("Nothing is not implemented yet");
                assertThatThrownBy(() -> call(idl, client, "EchoClient", "count"))
                        .isInstanceOf(ApplicationException.class)
                        .hasMessageContaining("Count is not implemented yet");
                try (BidiStreamingClient<?, ?> stream =
                        (BidiStreamingClient<?, ?>) call(idl, client, "EchoClient", "both")) {
                    assertThatThrownBy(stream::recv)
                            .isInstanceOf(StreamException.class)
                            .hasMessageContaining("Both is not implemented yet");
                }
            } finally {
                server.destroy();
                server.waitFor();
            }
        }
    }

    private static Process serve(Path classes) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes + File.pathSeparator + System.getProperty("java.class.path"),
                        "compiled.ServerMain",
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String port(String line) {
        assertThat(line).startsWith("Serving on port ");
        return line.substring("Serving on port ".length());
    }

    private static Object call(CompiledIdl idl, Client client, String type, String method) throws Throwable {
        Object generated = idl.type(type).getConstructor(Channel.class).newInstance(client);
        try {
            return generated.getClass().getMethod(method).invoke(generated);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
