package io.streamx.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.BidiStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.spring.StreamXClient;
import io.streamx.spring.StreamXService;
import io.streamx.spring.test.chat.Chat;
import io.streamx.spring.test.chat.ChatClient;
import io.streamx.spring.test.chat.Question;
import io.streamx.spring.test.chat.Token;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** A test as users write it: the client is injected and calls the server of the application. */
@StreamXTest(properties = "streamx.clients.chat.addresses=chat.example.invalid:8888")
class StreamXTestTest {
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Served.class)
    static class Application {}

    @StreamXService
    static class Served implements Chat {
        @Override
        public Token greet(Question question) {
            return new Token("hello " + question.text());
        }

        @Override
        public void ask(Question question, ServerStreamingServer<Token> stream) {
            for (String word : question.text().split(" ")) {
                stream.send(new Token(word));
            }
        }

        @Override
        public void talk(BidiStreamingServer<Question, Token> stream) {
            for (Question question : stream) {
                stream.send(new Token(question.text()));
            }
        }
    }

    @Autowired
    @StreamXClient("chat")
    ChatClient chat;

    @LocalStreamXPort
    int port;

    @Test
    void theClientCallsTheServerOfTheApplication() {
        assertThat(port).isPositive().isNotEqualTo(8888);
        try (var stream = chat.ask(new Question("a b"))) {
            assertThat(stream).containsExactly(new Token("a"), new Token("b"));
        }
    }

    @Test
    void aParameterOfATestIsAClientToo(@Autowired @StreamXClient("other") ChatClient other) {
        assertThat(other.greet(new Question("you"))).isEqualTo(new Token("hello you"));
    }
}
