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

/** The cases of three hops, with Java and Kitex in the positions that the tests of one pair leave out. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MixedCascadesTest {
    @RegisterExtension
    static final KitexPeers kitex = new KitexPeers();

    private static final JavaClients clients = new JavaClients();

    private static JavaServer server;
    private static JavaServer further;

    static Stream<InteropCase> withAKitexServer() {
        return CaseList.due("java", "kitex").filter(InteropCase::hasFurtherHops);
    }

    static Stream<InteropCase> withAJavaServer() {
        return CaseList.due("kitex", "java").filter(InteropCase::hasFurtherHops);
    }

    @BeforeAll
    static void startServers() {
        server = new JavaServer("interop.server");
        further = new JavaServer("interop.b");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withAKitexServer")
    void javaThenKitexThenJava(InteropCase played) throws Exception {
        CasePlayer.assertPlays(played, clients, kitex.server("interop.server"), "kitex", further.address());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withAJavaServer")
    void javaThenJavaThenKitex(InteropCase played) throws Exception {
        CasePlayer.assertPlays(played, clients, server.address(), "java", kitex.server("interop.b"));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withAJavaServer")
    void kitexThenJavaThenKitex(InteropCase played) {
        assertOk(kitex.play(
                new Command(played.name(), server.address(), "java", Map.of("b", kitex.server("interop.b")))));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withAKitexServer")
    void kitexThenKitexThenJava(InteropCase played) {
        assertOk(kitex.play(
                new Command(played.name(), kitex.server("interop.server"), "kitex", Map.of("b", further.address()))));
    }

    private static void assertOk(Answer answer) {
        assertThat(answer.ok())
                .as("%s; expected %s, seen %s", answer.failure(), answer.expected(), answer.seen())
                .isTrue();
    }

    @AfterAll
    static void closeAll() {
        clients.close();
        server.close();
        further.close();
    }
}
