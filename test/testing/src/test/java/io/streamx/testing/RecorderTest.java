package io.streamx.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.ChatClient;
import io.streamx.testing.chat.Question;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecorderTest {
    private final Recorder recorder = new Recorder();

    @RegisterExtension
    StreamXServer server =
            StreamXServer.of(Chat.bind(new ChatHandler())).withClient(client -> client.install(recorder));

    @Test
    void aStreamIsWrittenDownInOrder(ChatClient chat) {
        try (var stream = chat.talk()) {
            for (String text : new String[] {"one", "two"}) {
                stream.send(new Question(text));
                stream.recv();
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(recorder.lines("Chat.talk"))
                .containsExactly(
                        "begin",
                        "-> Question[text=one]",
                        "<- Token[text=one]",
                        "-> Question[text=two]",
                        "<- Token[text=two]",
                        "end");
        assertThat(recorder.text()).startsWith("client Chat.talk begin\nclient Chat.talk -> Question[text=one]\n");
        recorder.clear();
        assertThat(recorder.lines()).isEmpty();
    }

    @Test
    void aUnaryCallIsWrittenDownToo(ChatClient chat) {
        chat.greet(new Question("you"));
        assertThat(recorder.lines("Chat.greet"))
                .containsExactly(
                        "begin", "-> GreetArgs[question=Question[text=you]]", "<- Token[text=hello you]", "end");
    }

    @Test
    void theEndStandsBehindTheMessagesThatCameBeforeIt(ChatClient chat) {
        try (var stream = chat.ask(new Question("a b"))) {
            assertThat(stream).hasSize(2);
        }
        assertThat(recorder.lines("Chat.ask"))
                .containsExactly("begin", "-> Question[text=a b]", "<- Token[text=a]", "<- Token[text=b]", "end");
    }
}
