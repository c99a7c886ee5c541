package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.interop.KitexPeers.Answer;
import io.streamx.interop.KitexPeers.Command;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that die under a stream. Each has processes of its own to lose. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LostPeersTest {
    private static final int STATUS_OF_DIE = 3;
    private static final Duration STOP_WINDOW = Duration.ofMillis(500);

    @RegisterExtension
    static final KitexPeers kitex = new KitexPeers();

    static Stream<InteropCase> casesThatEndTheServer() {
        return CaseList.endingTheServer("java", "kitex");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("casesThatEndTheServer")
    void aJavaClientNoticesThatTheKitexServerDied(InteropCase played) throws Exception {
        try (JavaClients clients = new JavaClients();
                PeerProcess server = kitex.start("serve", "--exit-wait", "500ms")) {
            String address = "127.0.0.1:" + server.announcement().get("port").asInt();

            CasePlayer.assertPlays(played, clients, address, "kitex", address);
        }
    }

    static Stream<InteropCase> casesThatStopAJavaServer() {
        return CaseList.endingTheServer("java", "java");
    }

    @ParameterizedTest
    @MethodSource("casesThatStopAJavaServer")
    void aJavaClientIsToldThatTheJavaServerStops(InteropCase played) throws Exception {
        try (JavaClients clients = new JavaClients();
                JavaServer server = new JavaServer("interop.server", STOP_WINDOW)) {
            CasePlayer.assertPlays(played, clients, server.address(), "java", server.address());
        }
    }

    static Stream<InteropCase> casesOfAKitexClientThatStopAJavaServer() {
        return CaseList.endingTheServer("kitex", "java");
    }

    @ParameterizedTest
    @MethodSource("casesOfAKitexClientThatStopAJavaServer")
    void aKitexClientIsToldThatTheJavaServerStops(InteropCase played) {
        try (JavaServer server = new JavaServer("interop.server", STOP_WINDOW)) {
            assertThat(kitex.play(new Command(played.name(), server.address(), "java", Map.of())))
                    .matches(Answer::ok, "ok");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "row-31-handler-sees-the-lost-connection, stream 12013 canceled [ttstream error",
        "row-71-handler-sees-the-lost-connection-grpc, status 1 transport: connection EOF [triggered by remote service]",
        "row-71-handler-sees-the-lost-connection-protobuf, status 1 transport: connection EOF [triggered by remote service]"
    })
    void aJavaHandlerNoticesThatTheKitexClientDied(String played, String seen) throws Exception {
        try (JavaServer server = new JavaServer("interop.server");
                PeerProcess client =
                        kitex.start("call", "--case", played, "--values", "key=lost", "--address", server.address())) {
            assertThat(client.awaitExit(Duration.ofSeconds(20))).isEqualTo(STATUS_OF_DIE);

            assertThat(server.reports().await("lost", Duration.ofSeconds(10))).startsWith(seen);
        }
    }
}
