package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standard gRPC interop cases between Java and grpc-java. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StandardCasesTest {
    private static StandardService server;
    private static GrpcJavaPeer grpcJava;

    @BeforeAll
    static void startServers() throws Exception {
        server = new StandardService();
        grpcJava = new GrpcJavaPeer();
    }

    @ParameterizedTest
    @EnumSource
    void aJavaClientPlaysWithAJavaServer(StandardCases played) {
        played.play(server.address());
    }

    @ParameterizedTest
    @FieldSource("io.streamx.interop.StandardCases#FOR_ANY_SERVER")
    void aJavaClientPlaysWithAServerOfGrpcJava(StandardCases played) throws Exception {
        played.play(grpcJava.address());
    }

    /** Once it does, its server plays these as ours does. */
    @ParameterizedTest
    @FieldSource("io.streamx.interop.StandardCases#ABOUT_EACH_MESSAGE")
    void aServerOfGrpcJavaDoesNotTellCompressedMessagesFromOthers(StandardCases played) {
        assertThatThrownBy(() -> played.play(grpcJava.address())).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty_unary",
                "large_unary",
                "client_compressed_unary",
                "client_compressed_unary_noprobe",
                "server_compressed_unary",
                "client_streaming",
                "client_compressed_streaming",
                "client_compressed_streaming_noprobe",
                "server_streaming",
                "server_compressed_streaming",
                "ping_pong",
                "empty_stream",
                "cancel_after_begin",
                "cancel_after_first_response",
                "timeout_on_sleeping_server",
                "status_code_and_message",
                "special_status_message",
                "unimplemented_method",
                "unimplemented_service",
                "custom_metadata",
                "very_large_request"
            })
    void aClientOfGrpcJavaPlaysWithAJavaServer(String played) throws Exception {
        grpcJava.play(played, server.port());
    }

    @AfterAll
    static void stopServers() throws Exception {
        server.close();
        grpcJava.close();
    }
}
