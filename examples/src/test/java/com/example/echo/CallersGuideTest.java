package com.example.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.auth.Authenticator;
import io.streamx.auth.CallCredentials;
import io.streamx.auth.NamedPrincipal;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.security.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guide about callers, as its readers copy it. */
@Timeout(60)
class CallersGuideTest {
    @Test
    void aCallerIsKnownByItsToken() {
        Map<String, Principal> tokens = Map.of("s3cret", new NamedPrincipal("alice"));
        // --8<-- [start:credentials]
        Server server = Server.builder()
                .port(0)
                .service(TestService.bind(new EchoHandler()))
                .authenticator(Authenticator.bearer((token, call) -> tokens.get(token))
                        .allowing((who, call) ->
                                !call.method().equals("Echo") || who.getName().equals("root")))
                .start();
        Client client = Client.builder("a.b.c")
                .address("127.0.0.1:" + server.port())
                .credentials(CallCredentials.bearer(() -> "s3cret").overClearText()) // here without TLS
                .build();
        // --8<-- [end:credentials]
        Client nobody =
                Client.builder("a.b.c").address("127.0.0.1:" + server.port()).build();
        try (server;
                client;
                nobody) {
            TestServiceClient alice = new TestServiceClient(client);
            assertThat(alice.pingPong(new Request("ping")).message()).isEqualTo("ping");
            try (var stream = alice.echo()) {
                assertThatThrownBy(stream::recv)
                        .isInstanceOfSatisfying(
                                RpcException.class,
                                e -> assertThat(e.statusCode()).isEqualTo(StatusCode.PERMISSION_DENIED));
            }
            assertThatThrownBy(() -> new TestServiceClient(nobody).pingPong(new Request("ping")))
                    .isInstanceOfSatisfying(
                            RpcException.class, e -> assertThat(e.statusCode()).isEqualTo(StatusCode.UNAUTHENTICATED));
        }
    }
}
