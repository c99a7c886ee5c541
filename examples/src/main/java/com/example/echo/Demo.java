package com.example.echo;

import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.ServerStreamingServer;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.io.Console;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A server and a client in one process go through all kinds of calls and through what can go wrong, first over TTHeader and then
 * over gRPC. Middleware on both sides prints what passes.
 */
public final class Demo {
    private final String transport;
    private final Semaphore handlersEnded;
    private final TestServiceClient echo;

    private Demo(String transport, Semaphore handlersEnded, Client client) {
        this.transport = transport;
        this.handlersEnded = handlersEnded;
        this.echo = new TestServiceClient(client);
    }

    public static void main(String[] args) {
        print("", "Seven calls between a server and a client, over TTHeader and again over gRPC. It takes about three seconds.");
        Semaphore handlersEnded = new Semaphore(0);
        try (Server server = server(handlersEnded);
                Client overTTHeader = client(server.port(), Transport.TTHEADER);
                Client overGrpc = client(server.port(), Transport.GRPC)) {
            print("", "server listens on port " + server.port() + ", for both");
            new Demo("TTHeader", handlersEnded, overTTHeader).calls();
            new Demo("gRPC", handlersEnded, overGrpc).calls();
        }
        print("", "");
        print("", "done");
    }

    /** Echoes, refuses the empty message, and does not stop by itself when it is asked to go on for ever. */
    private static final class DemoHandler extends EchoHandler {
        @Override
        public void echoServer(Request req, ServerStreamingServer<Response> stream) {
            if (req.message().isEmpty()) {
                throw new BizStatusException(10001, "nothing to say", Map.of("field", "message"));
            }
            if (!req.message().equals("for ever")) {
                super.echoServer(req, stream);
                return;
            }
            CallContext.current().onCancel(() -> print("server", "  the handler is told that its caller has left"));
            stream.send(new Response("tick"));
            try {
                Thread.sleep(Duration.ofMinutes(1)); // a model that thinks for long; the cancel interrupts it
                stream.send(new Response("tock"));
            } catch (InterruptedException e) {
                print("server", "  the handler is interrupted, and returns");
            }
        }
    }

    private static Server server(Semaphore handlersEnded) {
        return Server.builder()
                .port(0)
                .service(TestService.bind(new DemoHandler()))
                .streamMiddleware(next -> (call, stream) -> {
                    print("server", "stream " + call.method() + " begins");
                    try {
                        next.handle(call, stream);
                        print("server", "stream " + call.method() + " ends");
                    } catch (RuntimeException e) {
                        print("server", "stream " + call.method() + " fails: " + e.getMessage());
                        throw e;
                    } finally {
                        handlersEnded.release();
                    }
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

    private static Client client(int port, Transport transport) {
        return Client.builder("a.b.c")
                .address("127.0.0.1:" + port)
                .transport(transport)
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

    private void calls() {
        pingPong();
        serverStreaming();
        clientStreaming();
        bidirectional();
        businessError();
        cancel();
        timeout();
    }

    private void pingPong() {
        title("ping-pong");
        echo.pingPong(new Request("ping"));
    }

    private void serverStreaming() {
        title("server streaming");
        try (var stream = echo.echoServer(new Request("hi"))) {
            stream.forEach(reply -> {});
        }
        awaitHandler();
    }

    private void clientStreaming() {
        title("client streaming");
        try (var stream = echo.echoClient()) {
            for (int i = 0; i < 3; i++) {
                stream.send(new Request("n" + i));
            }
            stream.closeAndRecv();
        }
        awaitHandler();
    }

    private void bidirectional() {
        title("bidirectional");
        try (var stream = echo.echo()) {
            for (int i = 0; i < 3; i++) {
                stream.send(new Request("n" + i));
                stream.recv();
            }
            stream.closeSend();
            stream.recv();
        }
        awaitHandler();
    }

    private void businessError() {
        title("a business error, which both ends have agreed on");
        try (var stream = echo.echoServer(new Request(""))) {
            stream.recv();
        } catch (BizStatusException e) {
            print("failed", "  BizStatusException " + e.code() + ", " + e.bizMessage() + ", " + e.extra());
        }
        awaitHandler();
    }

    private void cancel() {
        title("a cancel, which stops the handler too");
        try (var stream = echo.echoServer(new Request("for ever"))) {
            stream.recv();
            print("client", "  cancel: one tick is enough");
            stream.cancel("one tick is enough");
            stream.recv();
        } catch (RpcException e) {
            print("failed", "  " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        awaitHandler();
    }

    private void timeout() {
        title("a timeout: no message for 300 ms");
        RecvTimeout limit = RecvTimeout.of(Duration.ofMillis(300));
        try (var stream = echo.withRecvTimeout(limit).echoServer(new Request("for ever"))) {
            stream.recv();
            stream.recv();
        } catch (RpcException e) {
            print("failed", "  " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        awaitHandler();
    }

    /** Lets the handler of the call before print its last line, so that the lines of two calls are not mixed. */
    private void awaitHandler() {
        try {
            if (!handlersEnded.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the handler did not end within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a handler ran", e);
        }
    }

    private void title(String kind) {
        print("", "");
        print("title", "== " + kind + (transport.equals("gRPC") ? ", over gRPC" : ""));
    }

    private static final boolean COLOURS = isTerminal()
            && System.getenv("NO_COLOR") == null
            && !"dumb".equals(System.getenv("TERM"));

    /** Each side has its colour, where a terminal shows them. */
    private static synchronized void print(String kind, String what) {
        String side = kind.equals("failed") ? "client" : kind.equals("title") ? "" : kind;
        String line = String.format("%-7s %s", side, what);
        String colour = switch (kind) {
            case "server" -> "33"; // yellow
            case "client" -> "36"; // cyan
            case "failed" -> "31"; // red
            case "title" -> "1"; // bold
            default -> "0";
        };
        System.out.println(COLOURS ? "\u001b[" + colour + "m" + line + "\u001b[0m" : line);
    }

    /** From JDK 22 on there is a console without a terminal too; the method that tells them apart came with it. */
    private static boolean isTerminal() {
        Console console = System.console();
        try {
            return console != null && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
