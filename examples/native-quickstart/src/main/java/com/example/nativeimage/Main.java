package com.example.nativeimage;

import io.streamx.client.Client;
import io.streamx.server.Server;
import java.util.ArrayList;
import java.util.List;

/** A server that asks itself once for each mode. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Chat.bind(new ChatHandler()))
                        .start();
                Client client = Client.builder("chat")
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            ChatClient chat = new ChatClient(client);
            System.out.println(chat.greet(new Question("World")).text());
            System.out.println(ask(chat, "one token after the other"));
            System.out.println(talk(chat, List.of("there", "and", "back")));
        }
    }

    /** All tokens of an answer. */
    static List<String> ask(ChatClient chat, String text) {
        List<String> words = new ArrayList<>();
        try (var tokens = chat.ask(new Question(text))) {
            for (Token token : tokens) {
                words.add(token.text());
            }
        }
        return words;
    }

    /** The answer to each word, one after the other. */
    static List<String> talk(ChatClient chat, List<String> texts) {
        List<String> words = new ArrayList<>();
        try (var stream = chat.talk()) {
            for (String text : texts) {
                stream.send(new Question(text));
                words.add(stream.recv().text());
            }
            stream.closeSend();
        }
        return words;
    }
}
