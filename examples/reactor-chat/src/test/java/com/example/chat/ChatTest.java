package com.example.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamx.StreamException;
import io.streamx.testing.StreamXServer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

class ChatTest {
    private static final CountDownLatch STOPPED = new CountDownLatch(1);

    private static Flux<String> tokens(String prompt) {
        return switch (prompt) {
            case "endless" -> Flux.generate(sink -> sink.next("word")).cast(String.class).doOnCancel(STOPPED::countDown);
            case "broken" -> Flux.error(new IllegalStateException("the model is gone"));
            default -> Model.echo().tokens(prompt);
        };
    }

    @RegisterExtension
    static final StreamXServer MODEL = StreamXServer.of(Chat.bind(new ModelHandler(ChatTest::tokens)));

    private static Model remote(StreamXServer server) {
        return new RemoteModel(server.client(ChatClient::new));
    }

    @Test
    void tokensComeAsTheyAre() {
        assertEquals(List.of("a", "b"), remote(MODEL).tokens("a b").collectList().block());
    }

    @Test
    void whoLeavesStopsTheModelBehindTwoHops() throws InterruptedException {
        Chat relay = new ModelHandler(remote(MODEL));
        try (var front = io.streamx.server.Server.builder()
                        .port(0)
                        .service(Chat.bind(relay))
                        .start();
                var client = io.streamx.client.Client.builder("chat")
                        .address("127.0.0.1:" + front.port())
                        .build()) {
            Model model = new RemoteModel(new ChatClient(client));
            assertEquals(List.of("word", "word"), model.tokens("endless").take(2).collectList().block());
            assertTrue(STOPPED.await(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aModelThatFailsFailsTheCall() {
        assertThrows(StreamException.class, () -> remote(MODEL).tokens("broken").blockLast());
    }
}
