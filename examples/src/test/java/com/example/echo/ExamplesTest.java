package com.example.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples do what they say. */
@Timeout(60)
class ExamplesTest {
    @Test
    void demoGoesThroughAllKindsOfCallsAndEnds() {
        String printed = printedBy(() -> Demo.main(new String[0]));

        assertThat(printed)
                .contains("== ping-pong", "got Response[message=ping]")
                .contains("== server streaming", "client    recv Response[message=hi2]")
                .contains("== client streaming", "client    recv Response[message=got 3]")
                .contains("== bidirectional", "client    recv Response[message=n2]")
                .endsWith("done\n");
    }

    @Test
    void optionsShowHeaderTrailerMetainfoAndBusinessErrors() {
        assertThat(printedBy(() -> Options.main(new String[0])))
                .isEqualTo("hello for ann, header {h1=v1}, trailer {t1=v1}\n"
                        + "refused with 10001, nothing to say, {field=message}\n");
    }

    @Test
    void clientExampleRunsAgainstTheServerExample() throws Exception {
        try (Server server = Server.builder()
                        .port(0)
                        .service(TestService.bind(new EchoHandler()))
                        .start();
                Client client = Client.builder("a.b.c")
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            TestServiceClient echo = new TestServiceClient(client);
            assertThat(echo.pingPong(new Request("ping")).message()).isEqualTo("ping");
            assertThat(echo.pingPongAsync(new Request("later")).get().message()).isEqualTo("later");
        }
    }

    private static synchronized String printedBy(Runnable main) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
