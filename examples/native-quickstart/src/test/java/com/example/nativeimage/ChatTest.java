package com.example.nativeimage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamx.testing.StreamXServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChatTest {
    @RegisterExtension
    static final StreamXServer SERVER = StreamXServer.of(Chat.bind(new ChatHandler()));

    @Test
    void greets(ChatClient chat) {
        assertEquals("Hello, you", chat.greet(new Question("you")).text());
    }

    @Test
    void answersTokenByToken(ChatClient chat) {
        assertEquals(List.of("a", "b"), Main.ask(chat, "a b"));
    }

    @Test
    void talks(ChatClient chat) {
        assertEquals(List.of("x", "y"), Main.talk(chat, List.of("x", "y")));
    }
}
