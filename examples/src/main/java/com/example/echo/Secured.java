package com.example.echo;

import io.streamx.CallContext;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import java.nio.file.Path;
import java.time.Duration;

/** TLS where both sides show a certificate: docs/tls.md. */
public final class Secured {
    private Secured() {}

    /** Greets callers by the name in their certificate. */
    static final class Greeter extends EchoHandler {
        @Override
        public Response pingPong(Request req) {
            String caller = CallContext.current()
                    .peerCertificates()
                    .getFirst()
                    .getSubjectX500Principal()
                    .getName();
            return new Response(req.message() + ", " + caller);
        }
    }

    /** A server that shows {@code server.pem}, and takes clients that show a certificate issued by {@code roots.pem}. */
    static Server serve(Path files) {
        return Server.builder()
                .port(0)
                .tls(ServerTls.builder()
                        .identity(files.resolve("server.pem"), files.resolve("server.key"))
                        .requireClientCertificates(files.resolve("roots.pem"))
                        .reloadEvery(Duration.ofMinutes(1))
                        .build())
                .service(TestService.bind(new Greeter()))
                .start();
    }

    /** A client that shows {@code client.pem}, and believes servers whose certificate was issued by {@code roots.pem}. */
    static Client connect(Path files, int port) {
        return Client.builder("a.b.c")
                .address("localhost:" + port)
                .tls(ClientTls.builder()
                        .trust(files.resolve("roots.pem"))
                        .identity(files.resolve("client.pem"), files.resolve("client.key"))
                        .reloadEvery(Duration.ofMinutes(1))
                        .build())
                .build();
    }

    /** Says hello once, with the files in the folder that is the argument. */
    public static void main(String[] args) {
        Path files = Path.of(args[0]);
        try (Server server = serve(files);
                Client client = connect(files, server.port())) {
            System.out.println(
                    new TestServiceClient(client).pingPong(new Request("hello")).message());
        }
    }
}
