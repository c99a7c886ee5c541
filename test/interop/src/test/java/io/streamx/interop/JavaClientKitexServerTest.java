package io.streamx.interop;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list, Java client against Kitex server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaClientKitexServerTest {
    @RegisterExtension
    static final KitexPeers kitex = new KitexPeers();

    private static final JavaClients clients = new JavaClients();

    static Stream<InteropCase> cases() {
        return CaseList.due("java", "kitex");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aJavaClientSeesOfAKitexServerWhatTheListExpects(InteropCase played) throws Exception {
        CasePlayer.assertPlays(played, clients, kitex.server("interop.server"), "kitex", kitex.server("interop.b"));
    }

    @AfterAll
    static void closeClients() {
        clients.close();
    }
}
