package com.example.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.spring.StreamXClient;
import io.streamx.spring.test.StreamXTest;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

@StreamXTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(ChatTest.EndlessAnswers.class)
class ChatTest {
    private static final CountDownLatch STOPPED = new CountDownLatch(1);

    /** Answers one question without an end. */
    @TestConfiguration
    static class EndlessAnswers {
        @Bean
        @Primary
        Answers answers() {
            return new Answers() {
                @Override
                Stream<String> to(String question) {
                    return question.equals("for ever")
                            ? Stream.generate(() -> "on").onClose(STOPPED::countDown)
                            : super.to(question);
                }
            };
        }
    }

    @Autowired
    @StreamXClient("chat")
    ChatClient chat;

    @Value("${local.server.port}")
    int web;

    @Test
    void theServiceAnswersWordByWord() {
        try (var stream = chat.ask(new Question("why is it blue"))) {
            assertThat(stream).extracting(Token::text).containsExactly("why", "is", "it", "blue");
        }
    }

    @Test
    void theBrowserSeesEachTokenAsAnEvent() throws Exception {
        try (HttpClient browser = HttpClient.newHttpClient()) {
            HttpResponse<Stream<String>> page = browser.send(get("/chat?question=so+it+is"), HttpResponse.BodyHandlers.ofLines());
            assertThat(page.body().filter(line -> line.startsWith("data:")))
                    .containsExactly("data:so", "data:it", "data:is", "data:");
        }
    }

    @Test
    void aBrowserThatLeavesStopsTheModel() throws Exception {
        HttpClient browser = HttpClient.newHttpClient();
        HttpResponse<InputStream> page = browser.send(get("/chat?question=for+ever"), HttpResponse.BodyHandlers.ofInputStream());
        BufferedReader lines = new BufferedReader(new InputStreamReader(page.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).isEqualTo("event:token");
        browser.shutdownNow();
        assertThat(STOPPED.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + path)).build();
    }
}
