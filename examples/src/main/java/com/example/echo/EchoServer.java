package com.example.echo;

import io.streamx.server.Server;

/** Serves {@link TestService} on port 8888 until it is stopped. */
public final class EchoServer {
    private EchoServer() {}

    public static void main(String[] args) throws InterruptedException {
        try (Server server = Server.builder()
                .port(8888)
                .service(TestService.bind(new EchoHandler()))
                .start()) {
            System.out.println("serving on port " + server.port());
            server.awaitTermination();
        }
    }
}
