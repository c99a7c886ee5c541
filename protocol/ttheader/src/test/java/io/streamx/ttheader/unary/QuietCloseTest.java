package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is closed while it connects. */
@Timeout(60)
class QuietCloseTest {
    private final PrintStream console = System.out;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int port;

    @BeforeEach
    void keepTheLog() {
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
        // Closed before a client is there: the loops then belong to each client alone and end with it.
        try (Server server = Server.builder()
                .port(0)
                .service(Echo.bind(new ObedientHandler()))
                .start()) {
            port = server.port();
        }
    }

    @AfterEach
    void giveTheConsoleBack() {
        System.setOut(console);
    }

    @Test
    void nothingIsLoggedOfConnectionsThatWereBeingMade() {
        for (int i = 0; i < 100; i++) {
            try (Client client = Client.builder("echo")
                    .address("127.0.0.1:" + port)
                    .connectTimeout(Duration.ofNanos(1 + i * 10_000L))
                    .build()) {
                new EchoClient(client).say("hello");
            } catch (RpcException expected) {
                // Refused, or too late.
            }
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
