package io.streamx.interop;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list, Java on both ends. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaClientJavaServerTest {
    private static final JavaClients clients = new JavaClients();

    private static JavaServer server;
    private static JavaServer further;

    static Stream<InteropCase> cases() {
        return CaseList.due("java", "java");
    }

    @BeforeAll
    static void startServers() {
        server = new JavaServer("interop.server");
        further = new JavaServer("interop.b");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aJavaClientSeesOfAJavaServerWhatTheListExpects(InteropCase played) throws Exception {
        CasePlayer.assertPlays(played, clients, server.address(), "java", further.address());
    }

    @AfterAll
    static void closeAll() {
        clients.close();
        server.close();
        further.close();
    }
}
