package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that die under a stream. Each has processes of its own to lose. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LostPeersTest {
    private static final int STATUS_OF_DIE = 3;

    @RegisterExtension
    static final KitexPeers kitex = new KitexPeers();

    static Stream<InteropCase> casesThatEndTheServer() {
        return CaseList.endingTheServer("java", "kitex");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("casesThatEndTheServer")
    void aJavaClientNoticesThatTheKitexServerDied(InteropCase played) throws Exception {
        try (JavaClients clients = new JavaClients();
                PeerProcess server = kitex.start("serve")) {
            String address = "127.0.0.1:" + server.announcement().get("port").asInt();

            CasePlayer.assertPlays(played, clients, address, "kitex", address);
        }
    }

    @Test
    void aJavaHandlerNoticesThatTheKitexClientDied() throws Exception {
        List<String> lost = List.of(
                "call", "--case", "row-31-handler-sees-the-lost-connection", "--values", "key=lost", "--address");
        try (JavaServer server = new JavaServer("interop.server");
                PeerProcess client = kitex.start(Stream.concat(lost.stream(), Stream.of(server.address()))
                        .toArray(String[]::new))) {
            assertThat(client.awaitExit(Duration.ofSeconds(20))).isEqualTo(STATUS_OF_DIE);

            assertThat(server.reports().await("lost", Duration.ofSeconds(10)))
                    .startsWith("stream 12013 canceled [ttstream error, code=12013]");
        }
    }
}
