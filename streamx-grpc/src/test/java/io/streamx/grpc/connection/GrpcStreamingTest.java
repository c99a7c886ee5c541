package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Java client and a Java server with Thrift messages over gRPC, on a real socket. */
@Timeout(60)
class GrpcStreamingTest {
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private Client connect(ServiceDefinition service) {
        Server server = ends.serve(service);
        return ends.connect(server);
    }

    // ---- all goes well ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 10_000})
    void bidirectionalEchoesEveryMessageInOrder(int count) {
        Client client = connect(EchoService.echo());
        try (var stream = EchoService.bidi(client)) {
            Thread.startVirtualThread(() -> {
                for (int i = 0; i < count; i++) {
                    stream.send("message " + i);
                }
                stream.closeSend();
            });
            for (int i = 0; i < count; i++) {
                assertThat(stream.recv()).isEqualTo("message " + i);
            }
            assertThat(stream.recv()).isNull();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void clientStreamingGetsOneReply() {
        Client client = connect(EchoService.echo());
        try (var stream = client.clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            for (int i = 0; i < 100; i++) {
                stream.send("m");
            }
            assertThat(stream.closeAndRecv()).isEqualTo("got 100");
        }
    }

    @Test
    void serverStreamingGetsAllReplies() {
        Client client = connect(EchoService.echo());
        try (var stream = client.serverStreaming(EchoService.PRODUCE, "3", CallOptions.NONE)) {
            List<String> replies = new ArrayList<>();
            stream.forEach(replies::add);
            assertThat(replies).containsExactly("reply 0", "reply 1", "reply 2");
        }
    }

    @Test
    void unaryCallsGetTheirReply() {
        Client client = connect(EchoService.echo());
        for (int i = 0; i < 100; i++) {
            assertThat(client.call(EchoService.SAY, "hello " + i, CallOptions.NONE))
                    .isEqualTo("hello " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16_380, 70_000, 300_000, 5_000_000})
    void messagesMayBeLargerThanAFrameAndThanAWindow(int length) {
        Client client = connect(EchoService.echo());
        String text = "x".repeat(length);
        try (var stream = EchoService.bidi(client)) {
            stream.send(text);
            stream.send("after");
            stream.closeSend();
            assertThat(stream.recv()).isEqualTo(text);
            assertThat(stream.recv()).isEqualTo("after");
            assertThat(stream.recv()).isNull();
        }
        assertThat(client.call(EchoService.SAY, text, CallOptions.NONE)).isEqualTo(text);
    }

    @Test
    void manyStreamsShareAConnection() throws Exception {
        Client client = connect(EchoService.echo());
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            int id = n;
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            Thread.startVirtualThread(() -> {
                try (var stream = EchoService.bidi(client)) {
                    for (int i = 0; i < 50; i++) {
                        stream.send(id + "/" + i);
                        assertThat(stream.recv()).isEqualTo(id + "/" + i);
                    }
                    stream.closeSend();
                    assertThat(stream.recv()).isNull();
                    done.complete(null);
                } catch (Throwable t) {
                    done.completeExceptionally(t);
                }
            });
        }
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
    }

    @Test
    void headerAndTrailerTravelInLowerCase() {
        Client client = connect(EchoService.bidi(stream -> {
            stream.setHeader(Map.of("H1", "v1"));
            stream.sendHeader(Map.of("h2", "v2"));
            stream.setTrailer(Map.of("T1", "w1"));
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.header()).containsEntry("h1", "v1").containsEntry("h2", "v2");
            assertThat(stream.recv()).isNull();
            assertThat(stream.trailer()).containsEntry("t1", "w1");
        }
    }

    @Test
    void metainfoAndTheCallersTimeReachTheHandler() {
        Client client = connect(EchoService.bidi(stream -> {
            CallContext context = CallContext.current();
            stream.send(context.persistent("P_KEY") + " " + context.transientValue("T_KEY") + " "
                    + (context.remaining() != null));
        }));
        CallOptions options = CallOptions.NONE
                .withPersistent("P_KEY", "p")
                .withTransient("T_KEY", "t")
                .withTimeout(Duration.ofSeconds(30));
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThat(stream.recv()).isEqualTo("p t true");
        }
    }

    // ---- errors ----

    @Test
    void aHandlersErrorArrivesAsAStatusAfterTheMessages() {
        Client client = connect(EchoService.bidi(stream -> {
            stream.send("one");
            throw new IllegalStateException("broken");
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("one");
            assertThatThrownBy(stream::recv).isInstanceOfSatisfying(StatusException.class, e -> {
                assertThat(e.code()).isEqualTo(13);
                assertThat(e.statusMessage()).isEqualTo("broken [biz error]");
            });
        }
    }

    @Test
    void aBusinessErrorArrivesAsOne() {
        Client client = connect(EchoService.with(
                stream -> {
                    throw new BizStatusException(42, "no money", Map.of("k", "v"));
                },
                request -> {
                    throw new BizStatusException(43, "no " + request);
                }));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv).isInstanceOfSatisfying(BizStatusException.class, e -> {
                assertThat(e.code()).isEqualTo(42);
                assertThat(e.bizMessage()).isEqualTo("no money");
                assertThat(e.extra()).containsEntry("k", "v");
            });
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, "way", CallOptions.NONE))
                .isInstanceOfSatisfying(
                        BizStatusException.class, e -> assertThat(e.code()).isEqualTo(43));
    }

    @Test
    void anUnknownMethodIsAnswered() {
        Client client = connect(EchoService.echo());
        try (var stream = client.bidiStreaming(EchoService.MISSING, CallOptions.NONE)) {
            assertThatThrownBy(stream::recv).isInstanceOfSatisfying(StatusException.class, e -> {
                assertThat(e.code()).isEqualTo(ApplicationException.UNKNOWN_METHOD);
                assertThat(e.statusMessage()).isEqualTo("unknown method Missing");
            });
        }
    }

    // ---- time and cancel ----

    @Test
    void aCancelReachesTheHandler() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Client client = connect(EchoService.bidi(stream -> {
            stream.send("running");
            try {
                stream.recv();
            } catch (StatusException e) {
                seen.complete(e);
            }
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("running");
            stream.cancel("user left");
            assertThatThrownBy(stream::recv)
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(1));
        }
        assertThat(seen.get(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(StatusException.class, e -> {
            assertThat(e.code()).isEqualTo(1);
            assertThat(e.statusMessage()).contains("error code: CANCEL [triggered by caller]");
        });
    }

    @Test
    void theDeadlineEndsTheStreamOnBothSides() throws Exception {
        CompletableFuture<StatusException> seen = new CompletableFuture<>();
        Server server = ends.serve(EchoService.bidi(stream -> {
            try {
                stream.recv();
            } catch (StatusException e) {
                seen.complete(e);
                throw e;
            }
        }));
        Client client = ends.connectNow(server, plain -> {});
        try (var stream =
                client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withTimeout(Duration.ofMillis(100)))) {
            assertThatThrownBy(stream::recv)
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(4));
        }
        assertThat(seen.get(10, TimeUnit.SECONDS).code()).isIn(1, 4);
    }

    @Test
    void aUnaryCallThatTakesTooLongFailsAsOnOtherTransports() {
        Server server = ends.serve(EchoService.with(stream -> {}, request -> {
            new CountDownLatch(1).await();
            return request;
        }));
        Client client = ends.connectNow(server, plain -> {});
        assertThatThrownBy(
                        () -> client.call(EchoService.SAY, "x", CallOptions.NONE.withTimeout(Duration.ofMillis(100))))
                .isInstanceOf(RpcTimeoutException.class)
                .hasMessageContaining("got no reply within its timeout of 100 ms, set by the options of the call");
    }

    // ---- back-pressure ----

    @Test
    void aStreamThatNobodyReadsStopsItsSenderAndNoOtherStream() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        Client client = connect(EchoService.with(
                stream -> {
                    mayRead.await();
                    int bytes = 0;
                    for (String message : stream) {
                        bytes += message.length();
                    }
                    stream.send("got " + bytes);
                },
                request -> request));
        String kilobytes = "x".repeat(10_000);
        try (var stream = EchoService.bidi(client)) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread sender = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 1000; i++) {
                    stream.send(kilobytes);
                }
                stream.closeSend();
                sent.complete(null);
            });
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 100; i++) {
                assertThat(client.call(EchoService.SAY, "through", CallOptions.NONE))
                        .isEqualTo("through");
            }
            assertThat(sent).isNotDone();
            mayRead.countDown();
            assertThat(stream.recv()).isEqualTo("got 10000000");
        }
    }
}
