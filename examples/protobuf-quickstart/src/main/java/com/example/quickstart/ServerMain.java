package com.example.quickstart;

import io.streamx.server.Server;

/** Serves {@link Greeter} on port 8888 until it is stopped. */
public final class ServerMain {
    private ServerMain() {}

    public static void main(String[] args) throws InterruptedException {
        try (Server server = start(8888)) {
            System.out.println("serving on port " + server.port());
            server.awaitTermination();
        }
    }

    /** A server on that port, 0 for a free one. The caller closes it. */
    static Server start(int port) {
        return Server.builder()
                .port(port)
                .service(Greeter.bind(new GreeterHandler()))
                .start();
    }
}
