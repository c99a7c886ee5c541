package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.streamx.ServerStreamingServer;
import io.streamx.interop.echo.Request;
import io.streamx.interop.echo.Response;
import io.streamx.interop.echo.TestService;
import io.streamx.interop.testing.Payload;
import io.streamx.interop.testing.StreamingOutputCallRequest;
import io.streamx.interop.testing.StreamingOutputCallResponse;
import io.streamx.server.Server;
import io.streamx.service.ServiceDefinition;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.tls.ServerTls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A Java server that closes lets the streams of its callers end, whole: clients of grpc-go and of Kitex receive all that was
 * written before the end, and the end. More rounds: {@code -Dgraceful.rounds=60}.
 */
@Timeout(300)
class GracefulEndTest {
    @RegisterExtension
    static final GoModule grpcGo = new GoModule("grpcgo");

    @RegisterExtension
    static final GoModule kitex = new GoModule("peer");

    private static final int ROUNDS = Integer.getInteger("graceful.rounds", 5);
    private static final int STREAMS = 4;
    private static final int MESSAGES = 20;
    private static final int MESSAGE_BYTES = 50_000;

    @TempDir
    Path directory;

    /** The echo service, whose server stream sends it all at once, and never waits. */
    private static final class Echo implements TestService {
        @Override
        public void echoServer(Request req, ServerStreamingServer<Response> stream) {
            Response message = new Response("x".repeat(MESSAGE_BYTES));
            for (int i = 0; i < MESSAGES; i++) {
                stream.send(message);
            }
        }
    }

    /** The standard service, of which one method is needed. */
    private static final class Standard implements io.streamx.interop.testing.TestService {
        @Override
        public void streamingOutputCall(
                StreamingOutputCallRequest request, ServerStreamingServer<StreamingOutputCallResponse> stream) {
            request.getResponseParametersList()
                    .forEach(asked -> stream.send(StreamingOutputCallResponse.newBuilder()
                            .setPayload(Payload.newBuilder().setBody(ByteString.copyFrom(new byte[asked.getSize()])))
                            .build()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientsOfGrpcGoReceiveAllOfIt(boolean tls) throws Exception {
        assertWhole(grpcGo, io.streamx.interop.testing.TestService.bind(new Standard()), tls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientsOfKitexReceiveAllOfIt(boolean tls) throws Exception {
        assertWhole(kitex, TestService.bind(new Echo()), tls);
    }

    private void assertWhole(GoModule module, ServiceDefinition service, boolean tls) throws Exception {
        CertificateAuthority authority = new CertificateAuthority(directory, "authority");
        CertificateAuthority.Issued issued = authority.server("localhost");
        String[] arguments =
                tls ? new String[] {"streams", "--roots", authority.root().toString()} : new String[] {"streams"};
        try (PeerProcess clients = module.start("peer", arguments)) {
            for (int round = 0; round < ROUNDS; round++) {
                Server.Builder builder = Server.builder()
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .port(0)
                        .shutdownWindow(Duration.ofSeconds(30))
                        .service(service);
                if (tls) {
                    builder.tls(ServerTls.of(issued.chain(), issued.key()));
                }
                JsonNode outcome;
                try (Server server = builder.start()) {
                    Map<String, Object> asked = Map.of(
                            "address", "127.0.0.1:" + server.port(),
                            "streams", STREAMS,
                            "messages", MESSAGES,
                            "bytes", MESSAGE_BYTES);
                    JsonNode begun = clients.ask(asked, JsonNode.class);
                    assertThat(begun.get("begun").asInt()).isEqualTo(STREAMS);
                    server.close();
                    outcome = clients.announcement();
                }
                assertThat(outcome.get("whole").asInt())
                        .as("whole streams of round %d: %s", round, outcome)
                        .isEqualTo(STREAMS);
            }
        }
    }
}
