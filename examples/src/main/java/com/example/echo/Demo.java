package com.example.echo;

import io.streamx.client.Client;
import io.streamx.server.Server;

/** A server and a client in one process go through all kinds of calls; middleware on both sides prints what passes. */
public final class Demo {
    private Demo() {}

    public static void main(String[] args) {
        try (Server server = server();
                Client client = client(server.port())) {
            print("", "server listens on port " + server.port());
            TestServiceClient echo = new TestServiceClient(client);
            pingPong(echo);
            serverStreaming(echo);
            clientStreaming(echo);
            bidirectional(echo);
        }
        print("", "done");
    }

    private static Server server() {
        return Server.builder()
                .port(0)
                .service(TestService.bind(new EchoHandler()))
                .streamMiddleware(next -> (call, stream) -> {
                    print("server", "stream " + call.method() + " begins");
                    next.handle(call, stream);
                    print("server", "stream " + call.method() + " ends");
                })
                .recvMiddleware(next -> stream -> {
                    Object message = next.recv(stream);
                    print("server", "  recv " + (message == null ? "end of the caller's messages" : message));
                    return message;
                })
                .sendMiddleware(next -> (stream, message) -> {
                    print("server", "  send " + message);
                    next.send(stream, message);
                })
                .start();
    }

    private static Client client(int port) {
        return Client.builder("a.b.c")
                .address("127.0.0.1:" + port)
                .callerName("demo")
                .streamMiddleware(next -> call -> {
                    print("client", "open " + call.method());
                    return next.open(call);
                })
                .recvMiddleware(next -> stream -> {
                    Object message = next.recv(stream);
                    print("client", "  recv " + (message == null ? "end of stream" : message));
                    return message;
                })
                .sendMiddleware(next -> (stream, message) -> {
                    print("client", "  send " + message);
                    next.send(stream, message);
                })
                .unaryMiddleware(next -> (call, request) -> {
                    print("client", "call " + call.method() + " with " + request);
                    Object result = next.call(call, request);
                    print("client", "  got " + result);
                    return result;
                })
                .build();
    }

    private static void pingPong(TestServiceClient echo) {
        title("ping-pong");
        echo.pingPong(new Request("ping"));
    }

    private static void serverStreaming(TestServiceClient echo) {
        title("server streaming");
        try (var stream = echo.echoServer(new Request("hi"))) {
            stream.forEach(reply -> {});
        }
    }

    private static void clientStreaming(TestServiceClient echo) {
        title("client streaming");
        try (var stream = echo.echoClient()) {
            for (int i = 0; i < 3; i++) {
                stream.send(new Request("n" + i));
            }
            stream.closeAndRecv();
        }
    }

    private static void bidirectional(TestServiceClient echo) {
        title("bidirectional");
        try (var stream = echo.echo()) {
            for (int i = 0; i < 3; i++) {
                stream.send(new Request("n" + i));
                stream.recv();
            }
            stream.closeSend();
            stream.recv();
        }
    }

    private static void title(String kind) {
        print("", "");
        print("", "== " + kind);
    }

    private static synchronized void print(String side, String what) {
        System.out.printf("%-7s %s%n", side, what);
    }
}
