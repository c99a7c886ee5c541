package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamx.ApplicationException;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.unary.Echo.Text;
import io.streamx.wire.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many calls at once on one connection. */
@Timeout(60)
class SharedConnectionTest {
    private static final Executor THREADS = Thread::startVirtualThread;

    private static Server.Builder server(Echo.Handler handler) {
        return Server.builder().port(0).service(Echo.bind(handler));
    }

    private static Client.Builder client(int port) {
        return Client.builder("demo.echo")
                .address("127.0.0.1:" + port)
                .pingPong(PingPong.TTHEADER)
                .multiplexCalls(true)
                .connections(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = PingPong.class,
            names = {"TTHEADER", "TTHEADER_FRAMED"})
    void callsOfOneConnectionRunAtTheSameTime(PingPong carrier) throws Exception {
        int count = 100;
        CyclicBarrier together = new CyclicBarrier(count);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                together.await();
                return text;
            }
        };
        try (Server server = server(handler).start();
                Client client = client(server.port()).pingPong(carrier).build()) {
            EchoClient echo = new EchoClient(client);
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String text = "text " + i;
                calls.add(CompletableFuture.supplyAsync(() -> echo.say(text), THREADS));
            }
            for (int i = 0; i < count; i++) {
                assertThat(calls.get(i).get()).isEqualTo("text " + i);
            }
        }
    }

    @Test
    void manyCallsInARowFindTheirReplies() throws Exception {
        try (Server server = server(new ObedientHandler()).start();
                Client client = client(server.port()).build()) {
            EchoClient echo = new EchoClient(client);
            AtomicInteger wrong = new AtomicInteger();
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int caller = 0; caller < 50; caller++) {
                String name = "caller " + caller + " ";
                callers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 200; i++) {
                                String text = name + i;
                                if (!echo.say(text).equals(text)) {
                                    wrong.incrementAndGet();
                                }
                            }
                        },
                        THREADS));
            }
            CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get();
            assertThat(wrong).hasValue(0);
        }
    }

    @Test
    void aLargeCallAndSmallOnesShareAConnection() throws Exception {
        try (Server server = server(new ObedientHandler()).start();
                Client client = client(server.port()).build()) {
            EchoClient echo = new EchoClient(client);
            String large = "x".repeat(8_000_000);
            CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> echo.say(large), THREADS);
            for (int i = 0; i < 100; i++) {
                assertThat(echo.say("small")).isEqualTo("small");
            }
            assertThat(slow.get()).hasSize(large.length());
        }
    }

    @Test
    void whatGoesWrongWithOneCallLeavesTheOthersAlone() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                if (text.value().equals("wait")) {
                    running.countDown();
                    release.await();
                }
                return new ObedientHandler().say(text);
            }
        };
        try (Server server = server(handler).maxMessageBytes(10_000).start();
                Client client = client(server.port()).build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> echo.say("wait"), THREADS);
            running.await();

            assertThatThrownBy(() -> echo.call(Echo.MISSING, "x"))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessage("unknown method Missing (service Echo)");
            assertThatThrownBy(() -> echo.say("fail")).hasMessage("biz error: boom");
            assertThatThrownBy(() -> echo.say("x".repeat(20_000))).hasMessageStartingWith("request of 20027 bytes");
            EchoClient impatient = new EchoClient(client, CallOptions.NONE.withTimeout(Duration.ofMillis(20)));
            assertThatThrownBy(() -> impatient.say("wait")).isInstanceOf(RpcTimeoutException.class);
            echo.note("n");
            assertThat(echo.say("small")).isEqualTo("small");
            assertThat(waiting).isNotDone();

            release.countDown();
            assertThat(waiting.get()).isEqualTo("wait");
        }
    }

    @Test
    void aCarrierThatCannotTellRepliesApartIsRefusedWhenTheClientIsBuilt() {
        assertThatThrownBy(() -> client(1).pingPong(PingPong.FRAMED).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("multiplexed calls on carrier FRAMED (expected: a carrier that tells replies apart,"
                        + " TTHEADER or TTHEADER_FRAMED)");
    }

    @Test
    void aServerThatAnswersInTurnWillDoAndRepliesMayComeInAnyOrder() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = client(listener.getLocalPort()).build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> echo.say("first"), THREADS);
            try (RawPeer server = new RawPeer(listener.accept())) {
                RawPeer.Received one = server.receive(PingPong.TTHEADER);
                CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> echo.say("second"), THREADS);
                RawPeer.Received two = server.receive(PingPong.TTHEADER);

                server.send(reply(two.header().seqId(), Map.of(), "to the second"));
                assertThat(second.get()).isEqualTo("to the second");
                assertThat(first).isNotDone();
                server.send(reply(one.header().seqId(), Map.of(), "to the first"));
                assertThat(first.get()).isEqualTo("to the first");
            }
        }
    }

    private static byte[] reply(int seqId, Map<String, String> strings, String text) {
        return RawPeer.bytes(new MessageWriter(Limits.DEFAULT)
                .write(
                        PingPong.TTHEADER,
                        PayloadFormat.THRIFT,
                        0,
                        Map.of(),
                        strings,
                        new MessageHeader(MessageHeader.Type.REPLY, "Say", seqId),
                        out -> Echo.SAY.resultCodec().encodeResult(new Text(text), out)));
    }

    @Test
    void aServerThatAnnouncesItsEndGetsNoFurtherCallsAndMayFinishThoseItHas() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = client(listener.getLocalPort()).build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> echo.say("first"), THREADS);
            try (RawPeer old = new RawPeer(listener.accept())) {
                int seqId = old.receive(PingPong.TTHEADER).header().seqId();
                old.send(RawPeer.bytes(new ReplyEncoder(Limits.DEFAULT).closeAnnouncement()));
                // Its place in the order shows that it was read.
                CompletableFuture<String> second =
                        CompletableFuture.supplyAsync(() -> echo.say("second"), delayedUntilRead(old, seqId));
                assertThat(first.get()).isEqualTo("to the first");
                try (RawPeer fresh = new RawPeer(listener.accept())) {
                    fresh.send(reply(fresh.receive(PingPong.TTHEADER).header().seqId(), Map.of(), "to the second"));
                    assertThat(second.get()).isEqualTo("to the second");
                }
                assertThat(old.isEnded()).isTrue();
            }
        }
    }

    /** Runs what it is given when the client has answered the announcement and the reply by closing. */
    private static Executor delayedUntilRead(RawPeer old, int seqId) {
        return task -> THREADS.execute(() -> {
            try {
                old.send(reply(seqId, Map.of(), "to the first"));
                if (old.isEnded()) {
                    task.run();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aLostConnectionFailsAllItsCallsAndTheNextCallMakesANewOne() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = client(listener.getLocalPort()).build()) {
            EchoClient echo = new EchoClient(client);
            List<CompletableFuture<RpcException>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                calls.add(CompletableFuture.supplyAsync(
                        () -> catchThrowableOfType(RpcException.class, () -> echo.say("x")), THREADS));
            }
            try (RawPeer server = new RawPeer(listener.accept())) {
                for (int i = 0; i < 10; i++) {
                    server.receive(PingPong.TTHEADER);
                }
            }
            for (CompletableFuture<RpcException> call : calls) {
                assertThat(call.get()).hasMessageMatching("Echo.Say, called at .*, got no reply: the connection .*");
            }
            CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> echo.say("next"), THREADS);
            try (RawPeer server = new RawPeer(listener.accept())) {
                server.send(reply(server.receive(PingPong.TTHEADER).header().seqId(), Map.of(), "again"));
                assertThat(next.get()).isEqualTo("again");
            }
        }
    }

    @Test
    void aClosingServerTellsItsClientAndFinishesWhatWasOnItsWay() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                running.countDown();
                release.await();
                return text;
            }
        };
        try (Server server =
                        server(handler).shutdownWindow(Duration.ofSeconds(50)).start();
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request(PingPong.TTHEADER, 1, Map.of(), Map.of(), "Say", "one", 1));
            running.await();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close, THREADS);
            RawPeer.Received announcement = peer.receive(PingPong.TTHEADER);
            assertThat(announcement.header()).isEqualTo(new MessageHeader(MessageHeader.Type.REPLY, "none", 0));
            assertThat(announcement.strings()).containsEntry("crrst", "1");
            peer.send(RawPeer.request(PingPong.TTHEADER, 1, Map.of(), Map.of(), "Say", "two", 2));
            release.countDown();

            assertThat(List.of(
                            peer.receive(PingPong.TTHEADER).said(),
                            peer.receive(PingPong.TTHEADER).said()))
                    .containsExactlyInAnyOrder("one", "two");
            assertThat(peer.isEnded()).isTrue();
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aClosedClientFailsItsCallsAndTakesNoMore() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                running.countDown();
                new CountDownLatch(1).await();
                return text;
            }
        };
        try (Server server = server(handler).start()) {
            Client client = client(server.port()).build();
            EchoClient echo = new EchoClient(client);
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> echo.say("x"), THREADS);
            running.await();

            client.close();

            assertThatThrownBy(call::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(RpcException.class);
            assertThatThrownBy(() -> echo.say("x"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void aSharedConnectionWithoutCallsIsClosedAfterTheIdleTimeout() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = client(listener.getLocalPort())
                        .idleTimeout(Duration.ofMillis(200))
                        .build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> echo.say("x"), THREADS);
            try (RawPeer server = new RawPeer(listener.accept())) {
                server.send(reply(server.receive(PingPong.TTHEADER).header().seqId(), Map.of(), "y"));
                assertThat(call.get()).isEqualTo("y");
                assertThat(server.isEnded()).isTrue();
            }
        }
    }

    @Test
    void theServerHoldsNoMoreRequestsThanItsBuffersAllow() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                started.incrementAndGet();
                release.await();
                return new Text("");
            }
        };
        int requestBytes = 100_000;
        int bufferBytes = 1_000_000;
        try (Server server = server(handler).buffers(100_000, bufferBytes).start();
                RawPeer peer = RawPeer.connect(server.port())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int i = 1; i <= 200; i++) {
                                peer.send(RawPeer.request(
                                        PingPong.TTHEADER, 1, Map.of(), Map.of(), "Say", "x".repeat(requestBytes), i));
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    THREADS);
            while (started.get() < bufferBytes / requestBytes) {
                Thread.onSpinWait();
            }
            assertThat(started.get()).isLessThanOrEqualTo(bufferBytes / requestBytes);
            release.countDown();
            for (int i = 1; i <= 200; i++) {
                assertThat(peer.receive(PingPong.TTHEADER).said()).isEmpty();
            }
            sending.get();
        }
    }
}
