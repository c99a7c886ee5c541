package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.auth.Authenticator;
import io.streamx.auth.CallCredentials;
import io.streamx.auth.NamedPrincipal;
import io.streamx.client.Client;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    @Test
    void aServerOfGrpcGoKnowsOurClientByItsCredentials() {
        try (PeerProcess guarded = grpcGo.start("peer", "serve", "--token", "s3cret")) {
            String address = "127.0.0.1:" + guarded.announcement().get("port").asInt();

            StandardCases.EMPTY_UNARY.play(address, token("s3cret"));
            StandardCases.PING_PONG.play(address, token("s3cret"));
            for (StandardCases refused : List.of(StandardCases.EMPTY_UNARY, StandardCases.PING_PONG)) {
                assertUnauthenticated(() -> refused.play(address, token("guessed")));
                assertUnauthenticated(() -> refused.play(address));
            }
        }
    }

    private static UnaryOperator<Client.Builder> token(String token) {
        return builder ->
                builder.credentials(CallCredentials.bearer(() -> token).overClearText());
    }

    private static void assertUnauthenticated(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusException.class, e -> assertThat(e.code()).isEqualTo(StatusCode.UNAUTHENTICATED));
    }

    @Test
    void ourServerKnowsAClientOfGrpcGoByItsCredentials() throws Exception {
        Authenticator one = Authenticator.bearer(
                (token, call) -> token.equals("s3cret") ? new NamedPrincipal("the one with the token") : null);
        try (StandardService guarded = new StandardService(builder -> builder.authenticator(one))) {
            for (String played : List.of("empty_unary", "ping_pong")) {
                assertPlays("call", "--address", guarded.address(), "--token", "s3cret", "--case", played);
                assertFails("call", "--address", guarded.address(), "--token", "guessed", "--case", played);
                assertFails("call", "--address", guarded.address(), "--case", played);
            }
        }
    }

    private static void assertFails(String... arguments) throws Exception {
        try (PeerProcess client = grpcGo.start("peer", arguments)) {
            assertThat(client.awaitExit(Duration.ofSeconds(40))).isEqualTo(1);
        }
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
