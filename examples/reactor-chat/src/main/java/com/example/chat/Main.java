package com.example.chat;

import io.streamx.client.Client;
import io.streamx.server.Server;

/** A server in front of a model, which asks itself. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Chat.bind(new ModelHandler(Model.echo())))
                        .start();
                Client client = Client.builder("chat")
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            Model model = new RemoteModel(new ChatClient(client));
            model.tokens("one token after the other").doOnNext(System.out::println).blockLast();
        }
    }
}
