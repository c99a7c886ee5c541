package com.example.gradle;

import io.streamx.client.Client;
import io.streamx.server.Server;

/** A server that asks itself. */
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
            try (var tokens = chat.ask(new Question("one token after the other"))) {
                for (Token token : tokens) {
                    System.out.println(token.text());
                }
            } // leaving before the end cancels the stream
        }
    }
}
