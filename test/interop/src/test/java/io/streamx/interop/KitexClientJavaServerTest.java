package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.interop.KitexPeers.Answer;
import io.streamx.interop.KitexPeers.Command;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list, Kitex client against Java server. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KitexClientJavaServerTest {
    @RegisterExtension
    static final KitexPeers kitex = new KitexPeers();

    private static JavaServer server;
    private static JavaServer further;

    static Stream<InteropCase> cases() {
        return CaseList.due("kitex", "java");
    }

    @BeforeAll
    static void startServers() {
        server = new JavaServer("interop.server");
        further = new JavaServer("interop.b");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aKitexClientSeesOfAJavaServerWhatTheListExpects(InteropCase played) {
        Answer answer =
                kitex.play(new Command(played.name(), server.address(), "java", Map.of("b", further.address())));

        assertThat(answer.ok())
                .as("%s; expected %s, seen %s", answer.failure(), answer.expected(), answer.seen())
                .isTrue();
    }

    @AfterAll
    static void closeServers() {
        server.close();
        further.close();
    }
}
