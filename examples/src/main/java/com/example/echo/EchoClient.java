package com.example.echo;

import io.streamx.client.Client;

/** Calls the server of {@link EchoServer}, one call of each kind. */
public final class EchoClient {
    private EchoClient() {}

    public static void main(String[] args) {
        try (Client client = Client.builder("a.b.c").address("127.0.0.1:8888").build()) {
            TestServiceClient echo = new TestServiceClient(client);

            Response pong = echo.pingPong(new Request("ping"));

            try (var stream = echo.echoServer(new Request("hi"))) {
                for (Response r : stream) System.out.println(r.message());
            }

            try (var stream = echo.echoClient()) {
                for (int i = 0; i < 3; i++) stream.send(new Request("n" + i));
                Response total = stream.closeAndRecv();
            }

            try (var stream = echo.echo()) {
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 3; i++) stream.send(new Request("n" + i));
                    stream.closeSend();
                });
                for (Response r : stream) System.out.println(r.message());
            } // leaving early cancels the stream
        }
    }
}
