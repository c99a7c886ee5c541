package com.example.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.testkit.CertificateAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say. */
@Timeout(60)
class ExamplesTest {
    @Test
    void demoGoesThroughAllKindsOfCallsWhatCanGoWrongAndEnds() {
        String printed = printedBy(() -> Demo.main(new String[0]));

        assertThat(printed)
                .contains("== ping-pong", "got Response[message=ping]")
                .contains("== server streaming", "client    recv Response[message=hi2]")
                .contains("== client streaming", "client    recv Response[message=got 3]")
                .contains("== bidirectional", "client    recv Response[message=n2]")
                .contains("== a business error", "BizStatusException 10001, nothing to say, {field=message}")
                .contains("== a cancel", "the handler is interrupted, and returns", "StreamException: ", "12007")
                .contains("== a timeout", "12014")
                .contains("== bidirectional, over gRPC")
                .contains("== a business error, which both ends have agreed on, over gRPC")
                .contains("== a cancel, which stops the handler too, over gRPC", "StatusException: ")
                .doesNotContain("\u001b")
                .endsWith("done\n");
    }

    @Test
    void optionsShowHeaderTrailerMetainfoAndBusinessErrors() {
        assertThat(printedBy(() -> Options.main(new String[0])))
                .isEqualTo("hello for ann, header {h1=v1}, trailer {t1=v1}\n"
                        + "refused with 10001, nothing to say, {field=message}\n");
    }

    @Test
    void serverGreetsItsClientByTheNameInItsCertificate(@TempDir Path files) throws Exception {
        CertificateAuthority authority = new CertificateAuthority(files, "roots");
        rename(authority.server("localhost"), files, "server");
        rename(authority.client("ann"), files, "client");

        assertThat(printedBy(() -> Secured.main(new String[] {files.toString()})))
                .isEqualTo("hello, CN=ann\n");
    }

    private static void rename(CertificateAuthority.Issued issued, Path files, String name) throws IOException {
        Files.move(issued.chain(), files.resolve(name + ".pem"));
        Files.move(issued.key(), files.resolve(name + ".key"));
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
