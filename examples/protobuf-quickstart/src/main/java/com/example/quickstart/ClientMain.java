package com.example.quickstart;

import io.streamx.client.Client;
import java.util.ArrayList;
import java.util.List;

/** Calls the server of {@link ServerMain}. */
public final class ClientMain {
    private ClientMain() {}

    public static void main(String[] args) {
        try (Client client = connect(8888)) {
            GreeterClient greeter = new GreeterClient(client);
            System.out.println(greeter.greet(named("World")).getText());
            chat(greeter, List.of("Ada", "Grace", "Barbara")).forEach(System.out::println);
        }
    }

    /** A client of the server on that port of this machine. The caller closes it. */
    static Client connect(int port) {
        return Client.builder("quickstart").address("127.0.0.1:" + port).build();
    }

    /** What the server says to each name. */
    static List<String> chat(GreeterClient greeter, List<String> names) {
        List<String> texts = new ArrayList<>();
        try (var stream = greeter.chat()) {
            for (String name : names) {
                stream.send(named(name));
                texts.add(stream.recv().getText());
            }
            stream.closeSend();
        } // leaving before the end cancels the stream
        return texts;
    }

    static GreetRequest named(String name) {
        return GreetRequest.newBuilder().setName(name).build();
    }
}
