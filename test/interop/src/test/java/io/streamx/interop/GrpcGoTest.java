package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standard gRPC interop cases between Java and grpc-go. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcGoTest {
    @RegisterExtension
    static final GoModule grpcGo = new GoModule("grpcgo");

    private static StandardService server;
    private static PeerProcess goServer;
    private static String goAddress;

    @BeforeAll
    static void startServers() {
        server = new StandardService();
        goServer = grpcGo.start("peer", "serve");
        goAddress = "127.0.0.1:" + goServer.announcement().get("port").asInt();
    }

    @ParameterizedTest
    @FieldSource("io.streamx.interop.StandardCases#FOR_ANY_SERVER")
    void aJavaClientPlaysWithAServerOfGrpcGo(StandardCases played) {
        played.play(goAddress);
    }

    /** Once it does, its server plays these as ours does. */
    @ParameterizedTest
    @FieldSource("io.streamx.interop.StandardCases#ABOUT_EACH_MESSAGE")
    void aServerOfGrpcGoDoesNotTellCompressedMessagesFromOthers(StandardCases played) {
        assertThatThrownBy(() -> played.play(goAddress)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty_unary",
                "large_unary",
                "client_streaming",
                "server_streaming",
                "ping_pong",
                "empty_stream",
                "cancel_after_begin",
                "cancel_after_first_response",
                "timeout_on_sleeping_server",
                "status_code_and_message",
                "special_status_message",
                "unimplemented_method",
                "unimplemented_service",
                "custom_metadata"
            })
    void aClientOfGrpcGoPlaysWithAJavaServer(String played) throws Exception {
        assertPlays("call", "--address", server.address(), "--case", played);
    }

    @ParameterizedTest
    @ValueSource(strings = {"large_unary", "client_streaming", "server_streaming", "ping_pong"})
    void aClientOfGrpcGoThatCompressesPlaysWithAJavaServer(String played) throws Exception {
        assertPlays("call", "--address", server.address(), "--compressor", "gzip", "--case", played);
    }

    /** A case that fails says why on standard error, and ends its process with another status. */
    private static void assertPlays(String... arguments) throws Exception {
        try (PeerProcess client = grpcGo.start("peer", arguments)) {
            assertThat(client.awaitExit(Duration.ofSeconds(40))).isZero();
        }
    }

    @AfterAll
    static void stopServers() {
        if (server != null) {
            server.close();
        }
        if (goServer != null) {
            goServer.close();
        }
    }
}
