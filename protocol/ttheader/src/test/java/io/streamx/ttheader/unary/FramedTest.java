package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamx.ApplicationException;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.unary.Echo.Refused;
import io.streamx.ttheader.unary.Echo.Text;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FramedTest {
    private static Server serve(Echo.Handler handler) {
        return Server.builder().port(0).service(Echo.bind(handler)).start();
    }

    private static Client clientOf(int port) {
        return Client.builder("demo.echo")
                .address("127.0.0.1:" + port)
                .pingPong(PingPong.FRAMED)
                .build();
    }

    @Test
    void everyKindOfMethodIsCalled() throws Exception {
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public void ping() {
                seen.add("ping of " + CallContext.current());
            }

            @Override
            public void note(Text text) {
                seen.add(text.value());
            }
        };
        try (Server server = serve(handler);
                Client client = clientOf(server.port())) {
            EchoClient echo = new EchoClient(client);

            assertThat(echo.say("hello")).isEqualTo("hello");
            assertThat(echo.join("a", "b")).isEqualTo("ab");
            echo.ping();
            assertThat(seen.take()).startsWith("ping of ");
            echo.note("noted");
            assertThat(seen.take()).isEqualTo("noted");
            assertThat(echo.say("")).isEmpty();
        }
    }

    @Test
    void theOutcomesOfAHandlerReachTheCaller() {
        try (Server server = serve(new ObedientHandler());
                Client client = clientOf(server.port())) {
            EchoClient echo = new EchoClient(client);

            assertThat(catchThrowableOfType(Refused.class, () -> echo.say("refuse"))
                            .why())
                    .isEqualTo("not today");
            assertThat(failure(echo, "fail")).isEqualTo("6: biz error: boom");
            assertThat(failure(echo, "fail without text")).isEqualTo("6: biz error: java.lang.IllegalStateException");
            assertThat(failure(echo, "own type")).isEqualTo("99: mine [biz error]");
            assertThat(failure(echo, "panic"))
                    .isEqualTo("6: panic: [happened in biz handler, method=Echo.Say, please check the panic at the"
                            + " server side] java.lang.AssertionError: lost");
            // What the carrier has no room for is an empty result, as from Kitex.
            assertThat(failure(echo, "business")).startsWith("5: ");
            assertThat(failure(echo, "nothing")).startsWith("5: ");
            assertThat(echo.say("still there")).isEqualTo("still there");
        }
    }

    private static String failure(EchoClient echo, String text) {
        ApplicationException failure = catchThrowableOfType(ApplicationException.class, () -> echo.say(text));
        return failure.type() + ": " + failure.getMessage();
    }

    @Test
    void whatCannotBeRunIsAnswered() {
        try (Server server = serve(new ObedientHandler());
                Client client = clientOf(server.port())) {
            EchoClient echo = new EchoClient(client);

            assertThatThrownBy(() -> echo.call(Echo.MISSING, "x"))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageStartingWith("unknown service , method Missing (served: Echo with ")
                    .extracting(e -> ((ApplicationException) e).type())
                    .isEqualTo(ApplicationException.UNKNOWN_SERVICE);
            assertThatThrownBy(() -> echo.call(Echo.WATCH_AS_UNARY, "x"))
                    .hasMessageStartingWith("biz error: cannot get streamx.ServerStream from type: ");
            assertThat(echo.say("still there")).isEqualTo("still there");
        }
    }

    @Test
    void theServerClosesAfterAnUnknownMethodAndKeepsTheConnectionOtherwise() throws IOException {
        try (Server server = serve(new ObedientHandler());
                RawPeer peer = RawPeer.connect(server.port())) {
            assertThat(peer.send(RawPeer.say("fail", 1)).receive().exception()).isEqualTo("6: biz error: boom");
            assertThat(peer.send(RawPeer.say("refuse", 2)).receive().header().type())
                    .isEqualTo(MessageHeader.Type.REPLY);
            assertThat(peer.send(RawPeer.say("hello", -3)).receive().said()).isEqualTo("hello");

            MessageHeader unknown = new MessageHeader(MessageHeader.Type.CALL, "Missing", 4);
            RawPeer.Received reply =
                    peer.send(RawPeer.framed(unknown, out -> out.writeByte(0))).receive();

            assertThat(reply.header()).isEqualTo(new MessageHeader(MessageHeader.Type.EXCEPTION, "Missing", 4));
            assertThat(reply.exception()).startsWith("20: unknown service , method Missing (served: Echo with ");
            assertThat(peer.isEnded()).isTrue();
        }
    }

    @Test
    void argumentsThatCannotBeDecodedAreAnsweredAndTheConnectionIsClosed() throws IOException {
        try (Server server = serve(new ObedientHandler());
                RawPeer peer = RawPeer.connect(server.port())) {
            MessageHeader header = new MessageHeader(MessageHeader.Type.CALL, "Say", 5);

            assertThat(peer.send(RawPeer.framed(header, out -> out.writeByte(0)))
                            .receive()
                            .exception())
                    .startsWith("7: required field text is not set in Say_args");
            assertThat(peer.isEnded()).isTrue();
        }
    }

    @Test
    void aOnewayRequestIsNotAnsweredEvenWhenItFails() throws Exception {
        CountDownLatch noted = new CountDownLatch(2);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public void note(Text text) {
                noted.countDown();
                throw new IllegalStateException("nobody hears this");
            }
        };
        try (Server server = serve(handler);
                RawPeer peer = RawPeer.connect(server.port())) {
            for (MessageHeader.Type type :
                    new MessageHeader.Type[] {MessageHeader.Type.CALL, MessageHeader.Type.ONEWAY}) {
                peer.send(RawPeer.framed(
                        new MessageHeader(type, "Note", 6),
                        out -> Echo.SayArgs.CODEC.encode(new Echo.SayArgs(new Text("n")), out)));
            }

            noted.await();
            assertThat(peer.send(RawPeer.say("next", 7)).receive().said()).isEqualTo("next");
        }
    }

    @Test
    void aOnewayRequestRunsAlthoughItsClientHasGone() throws Exception {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        CountDownLatch gone = new CountDownLatch(1);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public void note(Text text) throws Exception {
                gone.await();
                ran.complete(CallContext.current().isCancelled());
            }
        };
        try (Server server = serve(handler)) {
            try (RawPeer peer = RawPeer.connect(server.port())) {
                peer.send(RawPeer.framed(
                        new MessageHeader(MessageHeader.Type.ONEWAY, "Note", 6),
                        out -> Echo.SayArgs.CODEC.encode(new Echo.SayArgs(new Text("n")), out)));
            }
            gone.countDown();

            assertThat(ran.get(20, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void aHandlerWhoseCallerHasGoneIsCancelledAndInterrupted() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) {
                running.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.complete(CallContext.current().isCancelled());
                }
                return text;
            }
        };
        try (Server server = serve(handler)) {
            try (RawPeer peer = RawPeer.connect(server.port())) {
                peer.send(RawPeer.say("wait", 1));
                running.await();
            }

            assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void requestsSentAtOnceAreAnsweredInTheirOrder() throws IOException {
        try (Server server = serve(new ObedientHandler());
                RawPeer peer = RawPeer.connect(server.port())) {
            int count = 2_000;
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        peer.send(RawPeer.say("text " + i, i));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });

            for (int i = 0; i < count; i++) {
                RawPeer.Received reply = peer.receive();
                assertThat(reply.header().seqId()).isEqualTo(i);
                assertThat(reply.said()).isEqualTo("text " + i);
            }
            assertThat(sender.isAlive() ? "sending" : "sent").isNotNull();
        }
    }

    @Test
    void aReplyToAnotherCallIsAnError() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = clientOf(listener.getLocalPort())) {
            EchoClient echo = new EchoClient(client);

            CompletableFuture<String> wrongId = CompletableFuture.supplyAsync(() -> failure(echo, "a"));
            try (RawPeer server = new RawPeer(listener.accept())) {
                int seqId = server.receive().header().seqId();
                server.send(RawPeer.framed(
                        new MessageHeader(MessageHeader.Type.REPLY, "Say", seqId + 1), out -> out.writeByte(0)));
                assertThat(wrongId.get())
                        .isEqualTo("4: Echo.Say was answered with sequence id " + (seqId + 1) + " (expected: " + seqId
                                + ")");
                assertThat(server.isEnded()).isTrue();
            }

            CompletableFuture<String> wrongName = CompletableFuture.supplyAsync(() -> failure(echo, "a"));
            try (RawPeer server = new RawPeer(listener.accept())) {
                int seqId = server.receive().header().seqId();
                server.send(RawPeer.framed(
                        new MessageHeader(MessageHeader.Type.REPLY, "Sing", seqId), out -> out.writeByte(0)));
                assertThat(wrongName.get()).isEqualTo("3: wrong method name, expect=Say, actual=Sing");
                assertThat(server.isEnded()).isTrue();
            }
        }
    }

    @Test
    void aServerThatAnswersSomethingElseOrNothingIsNamedInTheError() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = clientOf(listener.getLocalPort())) {
            EchoClient echo = new EchoClient(client);

            CompletableFuture<Throwable> garbage =
                    CompletableFuture.supplyAsync(() -> catchThrowableOfType(RpcException.class, () -> echo.say("a")));
            try (RawPeer server = new RawPeer(listener.accept())) {
                server.receive();
                server.send("485454502f312e31");
                assertThat(garbage.get()).hasMessageContaining("127.0.0.1").hasMessageContaining("485454502f312e31");
            }

            CompletableFuture<Throwable> closed =
                    CompletableFuture.supplyAsync(() -> catchThrowableOfType(RpcException.class, () -> echo.say("a")));
            try (RawPeer server = new RawPeer(listener.accept())) {
                server.receive();
            }
            assertThat(closed.get()).hasMessageMatching("Echo.Say, called at .*, got no reply: the connection .*");
        }
    }

    @Test
    void aCallWithoutReplyTimesOutAndItsConnectionIsNotUsedAgain() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                if (text.value().equals("late")) {
                    release.await();
                }
                return text;
            }
        };
        try (Server server = serve(handler);
                Client client = clientOf(server.port())) {
            EchoClient impatient = new EchoClient(client, CallOptions.NONE.withTimeout(Duration.ofMillis(50)));

            assertThatThrownBy(() -> impatient.say("late"))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessageContaining("Echo.Say")
                    .hasMessageContaining("50 ms");
            release.countDown();
            assertThat(new EchoClient(client).say("next")).isEqualTo("next");
        }
    }
}
