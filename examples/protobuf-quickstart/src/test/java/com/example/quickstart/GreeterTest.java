package com.example.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.streamx.client.Client;
import io.streamx.server.Server;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GreeterTest {
    private Server server;
    private Client client;
    private GreeterClient greeter;

    @BeforeEach
    void start() {
        server = ServerMain.start(0);
        client = ClientMain.connect(server.port());
        greeter = new GreeterClient(client);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void everyNameIsGreeted() {
        assertEquals("Hello, World", greeter.greet(ClientMain.named("World")).getText());
    }

    @Test
    void aChatGreetsNameAfterName() {
        assertEquals(List.of("Hello, Ada", "Hello, Grace"), ClientMain.chat(greeter, List.of("Ada", "Grace")));
    }
}
