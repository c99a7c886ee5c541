package io.streamx.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.streamx.client.Client;
import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.ChatClient;
import io.streamx.testing.chat.Question;
import io.streamx.testing.chat.Token;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;

/** The extension, used as users use it; and what it says of tests that leave calls open, run as tests within a test. */
class StreamXServerTest {
    private static final String WITHIN = "io.streamx.testing.within";

    @RegisterExtension
    StreamXServer server = StreamXServer.of(Chat.bind(new ChatHandler()));

    @Test
    void aGeneratedClientIsInjected(ChatClient chat) {
        assertThat(chat.greet(new Question("you"))).isEqualTo(new Token("hello you"));
        try (var stream = chat.ask(new Question("a b"))) {
            assertThat(stream).containsExactly(new Token("a"), new Token("b"));
        }
    }

    @Test
    void theClientAndTheServerAreInjectedToo(Client client, StreamXServer injected) {
        assertThat(injected).isSameAs(server);
        assertThat(client).isSameAs(server.client());
        assertThat(server.client(ChatClient::new).greet(new Question("you")).text())
                .isEqualTo("hello you");
        assertThat(server.address()).isEqualTo("127.0.0.1:" + server.port());
    }

    @Test
    void aStreamThatIsCancelledOrClosedEarlyIsNoLeak(ChatClient chat) {
        try (var stream = chat.talk()) {
            stream.send(new Question("one"));
            assertThat(stream.recv()).isEqualTo(new Token("one"));
        }
        chat.talk().cancel("enough");
    }

    /** Run by the test below. */
    @EnabledIfSystemProperty(named = WITHIN, matches = "true")
    static class Leaking {
        @RegisterExtension
        static final StreamXServer SERVER =
                StreamXServer.of(Chat.bind(new ChatHandler())).withPatience(Duration.ofMillis(50));

        @Test
        void leavesAStreamOpen(ChatClient chat) {
            chat.talk().send(new Question("one"));
        }

        @Test
        void leavesNothing(ChatClient chat) {
            chat.greet(new Question("you"));
        }
    }

    @Test
    void aStreamThatIsLeftOpenFailsItsTestAloneAndIsNamed() {
        Events tests = run(Leaking.class);

        tests.assertStatistics(count -> count.succeeded(1).failed(1));
        tests.failed()
                .assertThatEvents()
                .haveExactly(
                        1,
                        org.junit.platform.testkit.engine.EventConditions.event(
                                org.junit.platform.testkit.engine.EventConditions.finishedWithFailure(
                                        TestExecutionResultConditions.message(
                                                text -> text.contains("calls that the test has left open")
                                                        && text.contains("at the client: Chat.talk (BIDIRECTIONAL)")
                                                        && text.contains("at the server: Chat.talk")))));
    }

    private static Events run(Class<?> test) {
        System.setProperty(WITHIN, "true");
        try {
            return EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(test))
                    .execute()
                    .testEvents();
        } finally {
            System.clearProperty(WITHIN);
        }
    }
}
