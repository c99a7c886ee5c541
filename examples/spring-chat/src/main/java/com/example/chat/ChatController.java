package com.example.chat;

import io.streamx.ServerStreamingClient;
import io.streamx.spring.StreamXClient;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Shows the tokens of the service to a browser as they come. */
@RestController
class ChatController {
    private final ChatClient chat;

    ChatController(@StreamXClient("chat") ChatClient chat) {
        this.chat = chat;
    }

    @GetMapping("/chat")
    SseEmitter chat(@RequestParam String question) {
        SseEmitter emitter = new SseEmitter(Duration.ofMinutes(5).toMillis());
        ServerStreamingClient<Token> stream = chat.ask(new Question(question));
        emitter.onTimeout(() -> stream.cancel("the browser took too long"));
        emitter.onError(failure -> stream.cancel("the browser has left"));
        Thread.startVirtualThread(() -> pass(stream, emitter));
        return emitter;
    }

    private static void pass(ServerStreamingClient<Token> stream, SseEmitter emitter) {
        // Leaving the block early cancels the call.
        try (stream) {
            for (Token token : stream) {
                emitter.send(SseEmitter.event().name("token").data(token.text()));
            }
            emitter.send(SseEmitter.event().name("end").data(""));
            emitter.complete();
        } catch (IOException | RuntimeException e) {
            emitter.completeWithError(e);
        }
    }
}
