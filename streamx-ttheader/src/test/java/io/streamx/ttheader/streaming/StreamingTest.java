package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingClient;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StreamException;
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
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Java client and a Java server over a real socket. */
@Timeout(60)
class StreamingTest {
    private @Nullable Server server;
    private @Nullable Client client;

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    // ---- all goes well ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 10_000})
    void bidirectionalEchoesEveryMessageInOrder(int count) {
        connect(EchoService.echo());
        try (var stream = bidi()) {
            Thread.startVirtualThread(() -> {
                for (int i = 0; i < count; i++) {
                    stream.send("message " + i);
                }
                stream.closeSend();
            });
            int received = 0;
            for (String message : stream) {
                assertThat(message).isEqualTo("message " + received++);
            }
            assertThat(received).isEqualTo(count);
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void clientStreamingGetsOneReply() {
        connect(EchoService.echo());
        try (var stream = client().clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            for (int i = 0; i < 3; i++) {
                stream.send("n" + i);
            }
            assertThat(stream.closeAndRecv()).isEqualTo("got 3");
        }
    }

    @Test
    void serverStreamingGetsAllReplies() {
        connect(EchoService.echo());
        List<String> replies = new ArrayList<>();
        try (var stream = client().serverStreaming(EchoService.PRODUCE, "3", CallOptions.NONE)) {
            stream.forEach(replies::add);
        }
        assertThat(replies).containsExactly("reply 0", "reply 1", "reply 2");
    }

    @Test
    void messagesOfManyMegabytesPassWhole() {
        connect(EchoService.echo());
        String large = "0123456789abcdef".repeat(512 << 10);
        try (var stream = bidi()) {
            for (int i = 0; i < 3; i++) {
                stream.send(large);
                assertThat(stream.recv()).isEqualTo(large);
            }
        }
    }

    @Test
    void fiveHundredStreamsShareOneConnection() throws Exception {
        serve(EchoService.echo());
        client = Client.builder("echo").address(address()).connections(1).build();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> streams = new ArrayList<>();
            CountDownLatch allOpen = new CountDownLatch(500);
            for (int s = 0; s < 500; s++) {
                String name = "stream " + s;
                streams.add(threads.submit(() -> {
                    try (var stream = bidi()) {
                        stream.send(name);
                        assertThat(stream.recv()).isEqualTo(name);
                        allOpen.countDown();
                        allOpen.await();
                        for (int i = 0; i < 20; i++) {
                            stream.send(name + i);
                            assertThat(stream.recv()).isEqualTo(name + i);
                        }
                        stream.closeSend();
                        assertThat(stream.recv()).isNull();
                    }
                    return null;
                }));
            }
            for (Future<?> stream : streams) {
                stream.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void headerAndTrailerAreKnownAndRepeatable() {
        connect(EchoService.bidi(stream -> {
            stream.setHeader(Map.of("a", "1", "b", "x"));
            stream.sendHeader(Map.of("b", "2"));
            stream.setTrailer(Map.of("t", "v"));
            assertThatThrownBy(() -> stream.sendHeader(Map.of("c", "3")))
                    .hasMessageContaining("stream header already sent");
            assertThatThrownBy(() -> stream.setHeader(Map.of("c", "3")))
                    .hasMessageContaining("stream header already sent");
        }));
        try (var stream = bidi()) {
            assertThat(stream.header()).containsOnly(Map.entry("a", "1"), Map.entry("b", "2"));
            assertThat(stream.header()).hasSize(2);
            assertThat(stream.trailer()).containsOnly(Map.entry("t", "v"));
            assertThat(stream.trailer()).hasSize(1);
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void headerAndTrailerWithoutEntriesAreEmpty() {
        connect(EchoService.bidi(stream -> {}));
        try (var stream = bidi()) {
            assertThat(stream.header()).isEmpty();
            assertThat(stream.trailer()).isEmpty();
        }
    }

    @Test
    void whoeverSeesTheCallCancelledCannotSendAnyMore() throws Exception {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        connect(EchoService.bidi(stream -> {
            stream.call().onCancel(() -> refusal.complete(catchThrowable(() -> stream.send("late"))));
            stream.send("ready");
            stream.recv();
        }));
        try (var stream = bidi()) {
            assertThat(stream.recv()).isEqualTo("ready");
            stream.cancel("enough");
        }
        assertThat(refusal.get())
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(StreamException.CANCELED));
    }

    @Test
    void metainfoReachesTheHandler() {
        AtomicReference<CallContext> seen = new AtomicReference<>();
        connect(EchoService.bidi(stream -> seen.set(CallContext.current())));
        try (var stream = client().bidiStreaming(
                        EchoService.BIDI,
                        CallOptions.NONE.withPersistent("p", "1").withTransient("t", "2"))) {
            assertThat(stream.recv()).isNull();
        }
        assertThat(seen.get().persistent("p")).isEqualTo("1");
        assertThat(seen.get().transientValue("t")).isEqualTo("2");
        assertThat(seen.get().service()).isEqualTo("EchoService");
        assertThat(seen.get().method()).isEqualTo("Bidi");
    }

    // ---- the handler ends first, or fails ----

    @Test
    void handlerThatReturnsEarlyEndsTheStream() {
        connect(EchoService.bidi(stream -> stream.send("bye")));
        try (var stream = bidi()) {
            assertThat(stream.recv()).isEqualTo("bye");
            assertThat(stream.recv()).isNull();
            assertThatThrownBy(() -> stream.send("late"))
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(StreamException.ILLEGAL_OPERATION));
        }
    }

    @Test
    void failureOfTheHandlerComesAfterItsMessages() {
        connect(EchoService.bidi(stream -> {
            stream.send("one");
            throw new IllegalStateException("boom");
        }));
        try (var stream = bidi()) {
            assertThat(stream.recv()).isEqualTo("one");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv)
                        .asInstanceOf(type(StreamException.class))
                        .satisfies(e -> {
                            assertThat(e.code()).isEqualTo(12001);
                            assertThat(e)
                                    .hasMessage("[ttstream error, code=12001] [client-side stream] biz error: boom");
                            assertThat(e.getCause())
                                    .asInstanceOf(type(ApplicationException.class))
                                    .satisfies(cause -> assertThat(cause.type()).isEqualTo(6));
                        });
            }
            assertThatThrownBy(() -> stream.send("late")).hasMessageContaining("code=12001");
        }
    }

    @Test
    void errorOfTheHandlerIsToldAsAPanic() {
        connect(EchoService.bidi(stream -> {
            throw new AssertionError("broken");
        }));
        try (var stream = bidi()) {
            assertThatThrownBy(stream::recv)
                    .hasMessageContaining("panic: [happened in biz handler, method=EchoService.Bidi, "
                            + "please check the panic at the server side] ")
                    .hasMessageContaining("broken");
        }
    }

    @Test
    void businessErrorArrivesWholeAfterTheMessages() {
        connect(EchoService.bidi(stream -> {
            stream.send("one");
            throw new IllegalStateException(
                    "wrapped", new BizStatusException(10001, "insufficient <balance>", Map.of("k", "v")));
        }));
        try (var stream = bidi()) {
            assertThat(stream.recv()).isEqualTo("one");
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(BizStatusException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(10001);
                        assertThat(e.bizMessage()).isEqualTo("insufficient <balance>");
                        assertThat(e.extra()).containsOnly(Map.entry("k", "v"));
                    });
        }
    }

    @Test
    void unknownMethodIsAnswered() {
        connect(EchoService.echo());
        try (var stream = client().bidiStreaming(EchoService.MISSING, CallOptions.NONE)) {
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(12001);
                        assertThat(e.detail()).isEqualTo("unknown method Missing");
                    });
        }
    }

    // ---- cancel ----

    @Test
    void cancelUnblocksTheCallerAndTheHandlerAtOnce() throws Exception {
        Seen seen = new Seen();
        connect(EchoService.bidi(seen::waitForMessages));
        try (var stream = bidi()) {
            seen.started.await();
            CompletableFuture<Throwable> receiver = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try {
                    stream.recv();
                } catch (RpcException e) {
                    receiver.complete(e);
                }
            });
            stream.cancel("user left");

            assertThat(receiver.get(10, TimeUnit.SECONDS)).hasMessageContaining("code=12007");
            assertThatThrownBy(() -> stream.send("late")).hasMessageContaining("user left");
            assertThatThrownBy(stream::trailer).hasMessageContaining("user left");
            assertThat(stream.header()).isEmpty();
        }
        StreamException failure = seen.failure();
        assertThat(failure.code()).isEqualTo(12007);
        assertThat(failure.kind()).isEqualTo(StreamException.Kind.CANCELED);
        assertThat(failure.side()).isEqualTo(StreamException.Side.SERVER);
        assertThat(failure.cancelPath()).containsExactly("caller");
        assertThat(seen.interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void leavingTheBlockCancels() throws Exception {
        Seen seen = new Seen();
        connect(EchoService.bidi(seen::waitForMessages));
        try (var stream = bidi()) {
            stream.send("one");
        }
        assertThat(seen.failure().code()).isEqualTo(12007);
    }

    @Test
    void interruptOfAWaitingCallerCancels() throws Exception {
        Seen seen = new Seen();
        connect(EchoService.bidi(seen::waitForMessages));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try (var stream = bidi()) {
                stream.recv();
            } catch (RpcException e) {
                failure.complete(Thread.currentThread().isInterrupted() ? e : new AssertionError("flag lost"));
            }
        });
        seen.started.await();
        caller.interrupt();

        assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted in recv");
        assertThat(seen.failure().code()).isEqualTo(12007);
    }

    @Test
    void cancelReachesAHandlerThatIsBlockedInSend() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        connect(EchoService.bidi(stream -> {
            String message = "x".repeat(10_000);
            try {
                while (true) {
                    stream.send(message);
                }
            } catch (RpcException e) {
                failure.complete(e);
                throw e;
            }
        }));
        try (var stream = bidi()) {
            assertThat(stream.recv()).hasSize(10_000);
        }
        assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessageContaining("code=12007");
    }

    @Test
    void closingTheClientEndsItsStreamsOnBothSides() throws Exception {
        Seen seen = new Seen();
        connect(EchoService.bidi(seen::waitForMessages));
        var stream = bidi();
        seen.started.await();
        client().close();

        assertThatThrownBy(stream::recv)
                .asInstanceOf(type(StreamException.class))
                .satisfies(e -> assertThat(e)
                        .hasMessage("[ttstream error, code=12006] connection closed: the client was closed"));
        assertThat(seen.failure().code()).isEqualTo(12013);
        assertThatThrownBy(this::bidi).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void streamOutlivesItsHandlerNowhere() throws Exception {
        AtomicReference<io.streamx.BidiStreamingServer<String, String>> kept = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        connect(EchoService.bidi(stream -> {
            kept.set(stream);
            CallContext.current().onCancel(done::countDown);
        }));
        try (var stream = bidi()) {
            assertThat(stream.recv()).isNull();
        }
        done.await();
        assertThatThrownBy(() -> kept.get().send("late")).hasMessageContaining("code=12012");
        assertThatThrownBy(() -> kept.get().recv()).hasMessageContaining("code=12012");
    }

    @Test
    void cancelCascadesThroughAHandlersOwnCalls() throws Exception {
        Seen last = new Seen();
        try (Server downstream = Server.builder()
                .port(0)
                .service(EchoService.bidi(last::waitForMessages))
                .start()) {
            try (Client toDownstream = Client.builder("c")
                    .callerName("b")
                    .address("127.0.0.1:" + downstream.port())
                    .build()) {
                connect(EchoService.bidi(stream -> {
                    try (var next = EchoService.bidi(toDownstream)) {
                        next.recv();
                    }
                }));
                try (var stream = bidi()) {
                    last.started.await();
                    stream.cancel("enough");
                }
                StreamException failure = last.failure();
                assertThat(failure.code()).isEqualTo(12007);
                assertThat(failure.cancelPath()).containsExactly("caller", "b");
                assertThat(failure.detail()).isEqualTo("enough");
            }
        }
    }

    // ---- time ----

    @Test
    void recvTimeoutEndsTheStreamOnBothSides() throws Exception {
        Seen seen = new Seen();
        connect(EchoService.bidi(seen::waitForMessages));
        CallOptions options = CallOptions.NONE.withRecvTimeout(RecvTimeout.of(Duration.ofMillis(50)));
        try (var stream = client().bidiStreaming(EchoService.BIDI, options)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv)
                        .asInstanceOf(type(StreamException.class))
                        .satisfies(e -> {
                            assertThat(e.code()).isEqualTo(12014);
                            assertThat(e.kind()).isEqualTo(StreamException.Kind.TIMEOUT);
                            assertThat(e.detail())
                                    .startsWith("stream Recv timeout, timeout config="
                                            + "{Timeout:50ms DisableCancelRemote:false}, "
                                            + "set by the options of the call; waited ");
                        });
            }
        }
        assertThat(seen.failure().code()).isEqualTo(12014);
        assertThat(seen.failure().kind()).isEqualTo(StreamException.Kind.CANCELED);
    }

    @Test
    void recvTimeoutThatKeepsTheRemoteLeavesTheStreamUsable() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        connect(EchoService.bidi(stream -> {
            go.await();
            stream.send("late");
        }));
        CallOptions options = CallOptions.NONE.withRecvTimeout(
                RecvTimeout.of(Duration.ofMillis(50)).keepRemote());
        try (var stream = client().bidiStreaming(EchoService.BIDI, options)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv).hasMessageContaining("code=12014");
            }
            go.countDown();
            assertThat(stream.recv()).isEqualTo("late");
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void streamTimeoutEndsTheStreamOnBothSides() throws Exception {
        Seen seen = new Seen();
        connect(EchoService.bidi(seen::waitForMessages));
        CallOptions options = CallOptions.NONE.withTimeout(Duration.ofMillis(80));
        try (var stream = client().bidiStreaming(EchoService.BIDI, options)) {
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(12015);
                        assertThat(e.detail())
                                .startsWith("stream timeout, timeout in ctx: 80ms, "
                                        + "set by the options of the call; passed ");
                    });
        }
        assertThat(seen.failure().code()).isEqualTo(12015);
    }

    // ---- limits ----

    @Test
    void messageOfTheLargestSizePassesAndOneByteMoreIsRefused() {
        serve(EchoService.echo());
        client = Client.builder("echo").address(address()).maxMessageBytes(1000).build();
        String largest = "x".repeat(1000 - 8);
        try (var stream = bidi()) {
            stream.send(largest);
            assertThat(stream.recv()).isEqualTo(largest);
            assertThatThrownBy(() -> stream.send(largest + "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1001 bytes (expected: at most 1000");
            stream.send("still usable");
            assertThat(stream.recv()).isEqualTo("still usable");
        }
    }

    @Test
    void messageTooLargeForTheServerFailsItsStreamAlone() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        server = Server.builder()
                .port(0)
                .maxMessageBytes(1000)
                .service(EchoService.bidi(stream -> {
                    try {
                        for (String message : stream) {
                            stream.send(message);
                        }
                    } catch (RpcException e) {
                        failure.complete(e);
                    }
                }))
                .start();
        client = Client.builder("echo").address(address()).connections(1).build();
        try (var other = bidi();
                var stream = bidi()) {
            stream.send("x".repeat(500_000));
            assertThat(failure.get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("message of 500008 bytes received (expected: at most 1000");
            assertThat(stream.recv()).isNull();

            other.send("unharmed");
            assertThat(other.recv()).isEqualTo("unharmed");
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefusedWithAnAnswer() {
        server = Server.builder()
                .port(0)
                .maxConcurrentStreams(2)
                .service(EchoService.echo())
                .start();
        client = Client.builder("echo").address(address()).connections(1).build();
        try (var first = bidi();
                var second = bidi();
                var third = bidi()) {
            first.send("1");
            second.send("2");
            assertThatThrownBy(third::recv).hasMessageContaining("too many concurrent streams");
            assertThat(first.recv()).isEqualTo("1");
            assertThat(second.recv()).isEqualTo("2");
        }
    }

    @Test
    void senderWaitsForAReceiverThatDoesNotRead() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        connect(EchoService.bidi(stream -> {
            read.await();
            int count = 0;
            while (stream.recv() != null) {
                count++;
            }
            stream.send("got " + count);
        }));
        try (var stream = bidi()) {
            String message = "x".repeat(100_000);
            int total = 1000; // 100 MB, far more than all buffers together
            CountDownLatch started = new CountDownLatch(1);
            AtomicReference<Integer> sent = new AtomicReference<>(0);
            Thread sender = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < total; i++) {
                    stream.send(message);
                    sent.set(i + 1);
                    started.countDown();
                }
                stream.closeSend();
            });
            started.await();
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(sent.get()).isLessThan(total);
            read.countDown();
            assertThat(stream.recv()).isEqualTo("got " + total);
        }
    }

    @Test
    void unreadStreamIsEndedWhenItHoldsUpOneThatWaits() throws Exception {
        serve(EchoService.bidi(stream -> {
            if ("flood".equals(stream.recv())) {
                String message = "x".repeat(10_000);
                while (true) {
                    stream.send(message);
                }
            }
            stream.send(String.valueOf(stream.recv()));
        }));
        client = Client.builder("echo")
                .address(address())
                .connections(1)
                .buffers(64 << 10, 256 << 10)
                .stallTimeout(Duration.ofMillis(100))
                .build();
        try (var waiting = bidi();
                var unread = bidi()) {
            waiting.send("ask");
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(waiting::recv, Thread::startVirtualThread);
            unread.send("flood");

            // Its trailer is known when it ends, which nobody but the stalled connection causes.
            assertThatThrownBy(unread::trailer).hasMessageContaining("unread bytes");
            assertThatThrownBy(() -> {
                        while (true) {
                            unread.recv();
                        }
                    })
                    .hasMessageContaining("unread bytes");

            waiting.send("answer");
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("answer");
        }
    }

    // ---- ends of the connection and of the server ----

    @Test
    void clientConnectsAnewAfterItsServerWasRestarted() {
        serve(EchoService.echo());
        int port = server().port();
        client = Client.builder("echo")
                .address("127.0.0.1:" + port)
                .connections(1)
                .build();
        try (var stream = bidi()) {
            stream.send("before");
            assertThat(stream.recv()).isEqualTo("before");
        }
        server().close();
        server = Server.builder().port(port).service(EchoService.echo()).start();
        try (var stream = bidi()) {
            stream.send("after");
            assertThat(stream.recv()).isEqualTo("after");
        }
    }

    @Test
    void closingServerLetsStreamsFinish() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        connect(EchoService.echo());
        try (var stream = bidi()) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            Thread closer = Thread.startVirtualThread(() -> {
                closing.countDown();
                server().close();
            });
            closing.await();
            stream.send("two");
            assertThat(stream.recv()).isEqualTo("two");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
            closer.join();
        }
    }

    @Test
    void closingServerCancelsWhatDoesNotFinish() throws Exception {
        Seen seen = new Seen();
        server = Server.builder()
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .service(EchoService.bidi(seen::waitForMessages))
                .start();
        client = Client.builder("echo").address(address()).build();
        try (var stream = bidi()) {
            seen.started.await();
            server().close();
            assertThatThrownBy(stream::recv).hasMessageContaining("code=12006");
        }
        assertThat(seen.failure().code()).isEqualTo(12013);
    }

    // ---- middleware ----

    @Test
    void middlewareWrapsBothSidesOutermostFirst() {
        List<String> log = java.util.Collections.synchronizedList(new ArrayList<>());
        server = Server.builder()
                .port(0)
                .service(EchoService.echo())
                .streamMiddleware(next -> (call, stream) -> {
                    log.add("server outer " + call.method());
                    next.handle(call, stream);
                    log.add("server outer done");
                })
                .streamMiddleware(next -> (call, stream) -> {
                    log.add("server inner");
                    next.handle(call, stream);
                })
                .recvMiddleware(next -> stream -> {
                    Object message = next.recv(stream);
                    return message == null ? null : message + " received";
                })
                .sendMiddleware(next -> (stream, message) -> next.send(stream, message + " sent"))
                .start();
        client = Client.builder("echo")
                .address(address())
                .streamMiddleware(next -> call -> {
                    log.add("client open " + call.method() + " of " + call.service());
                    return next.open(call);
                })
                .recvMiddleware(next -> stream -> {
                    Object message = next.recv(stream);
                    log.add("client recv " + message);
                    return message;
                })
                .sendMiddleware(next -> (stream, message) -> {
                    log.add("client send " + message);
                    next.send(stream, message);
                })
                .build();
        try (var stream = bidi()) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m received sent");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(log)
                .contains(
                        "client open Bidi of EchoService",
                        "client send m",
                        "client recv m received sent",
                        "client recv null")
                .containsSubsequence("server outer Bidi", "server inner", "server outer done");
    }

    @Test
    void failureOfAMiddlewareKeepsItsOwnTypeAndText() {
        server = Server.builder()
                .port(0)
                .service(EchoService.echo())
                .streamMiddleware(next -> (call, stream) -> {
                    throw new ApplicationException(42, "not today");
                })
                .start();
        client = Client.builder("echo").address(address()).build();
        try (var stream = bidi()) {
            assertThatThrownBy(stream::recv)
                    .hasMessage("[ttstream error, code=12001] [client-side stream] not today")
                    .cause()
                    .asInstanceOf(type(ApplicationException.class))
                    .satisfies(e -> assertThat(e.type()).isEqualTo(42));
        }
    }

    // ---- fixtures ----

    /** A handler that waits for messages, and what it saw in the end. */
    private static final class Seen {
        final CountDownLatch started = new CountDownLatch(1);
        final CompletableFuture<StreamException> failure = new CompletableFuture<>();
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        void waitForMessages(io.streamx.BidiStreamingServer<String, String> stream) {
            started.countDown();
            try {
                while (stream.recv() != null) {
                    // waits for the next one
                }
                failure.completeExceptionally(new AssertionError("the stream ended well"));
            } catch (StreamException e) {
                CallContext context = CallContext.current();
                if (context.isCancelled()) {
                    failure.complete(e);
                } else {
                    failure.completeExceptionally(new AssertionError("context was not cancelled before recv threw"));
                }
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException expected) {
                    interrupted.complete(true);
                }
                throw e;
            }
        }

        StreamException failure() throws Exception {
            return failure.get(20, TimeUnit.SECONDS);
        }
    }

    private void serve(ServiceDefinition service) {
        server = Server.builder().port(0).service(service).start();
    }

    private void connect(ServiceDefinition service) {
        serve(service);
        client = Client.builder("echo").callerName("caller").address(address()).build();
    }

    private Server server() {
        return java.util.Objects.requireNonNull(server);
    }

    private Client client() {
        return java.util.Objects.requireNonNull(client);
    }

    private String address() {
        return "127.0.0.1:" + server().port();
    }

    private BidiStreamingClient<String, String> bidi() {
        return EchoService.bidi(client());
    }
}
