package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.StreamException;
import io.streamx.client.Client;
import io.streamx.client.ConnectionMode;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.FrameType;
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

/** Contexts: what calls made under one inherit, on whatever thread, and how they end with it. */
@Timeout(60)
class ContextTest {
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static <T> T soon(CompletableFuture<T> value) throws Exception {
        return value.get(20, TimeUnit.SECONDS);
    }

    /** Receives on another thread; completed with what that threw. */
    private static CompletableFuture<Throwable> failureOfRecv(BidiStreamingClient<String, String> stream) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread.startVirtualThread(() -> failure.complete(catchThrowable(stream::recv)));
        return failure;
    }

    /** A handler that waits for messages; completed with what ended that. */
    private static void waitForMessages(
            BidiStreamingServer<String, String> stream, CompletableFuture<StreamException> end) {
        stream.sendHeader(Map.of());
        try {
            for (String message : stream) {
                stream.send(message);
            }
        } catch (StreamException e) {
            end.complete(e);
        }
    }

    // ---- contexts that can be cancelled ----

    @Test
    void cancellingAContextEndsEveryStreamMadeUnderIt() throws Exception {
        CompletableFuture<StreamException> end = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> waitForMessages(stream, end))));
        try (CancellableContext context = CallContext.current().cancellable();
                var outside = EchoService.bidi(client)) {
            List<BidiStreamingClient<String, String>> inside = new ArrayList<>();
            context.run(() -> {
                inside.add(EchoService.bidi(client));
                inside.add(EchoService.bidi(client));
            });
            inside.forEach(BidiStreamingClient::header);

            context.cancel("user left");

            for (var stream : inside) {
                assertThatThrownBy(stream::recv).isInstanceOfSatisfying(StreamException.class, e -> {
                    assertThat(e.code()).isEqualTo(StreamException.CANCELED);
                    assertThat(e.kind()).isEqualTo(StreamException.Kind.CANCELED);
                    assertThat(e.side()).isEqualTo(StreamException.Side.CLIENT);
                    assertThat(e.detail()).isEqualTo("user left");
                    assertThat(e.cancelPath()).isEmpty();
                });
                assertThatThrownBy(() -> stream.send("late")).hasMessageContaining("user left");
            }
            outside.send("unharmed");
            assertThat(outside.recv()).isEqualTo("unharmed");
        }
        assertThat(soon(end).detail()).isEqualTo("user left");
        assertThat(soon(end).cancelPath()).containsExactly("caller");
    }

    @Test
    void cancellingAContextUnblocksARecvAtOnce() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        try (CancellableContext context = CallContext.current().cancellable();
                var stream = context.call(() -> EchoService.bidi(client))) {
            CompletableFuture<Throwable> failure = failureOfRecv(stream);
            context.cancel("enough");
            context.cancel("the first reason stays");
            assertThat(soon(failure)).hasMessageContaining("code=12007").hasMessageContaining("enough");
        }
    }

    @Test
    void cancellingAContextEndsAUnaryCallMadeUnderIt() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(EchoService.with(stream -> {}, request -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return request;
        })));
        try (CancellableContext context = CallContext.current().cancellable()) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread.startVirtualThread(context.wrap(() ->
                    failure.complete(catchThrowable(() -> client.call(EchoService.SAY, "hello", CallOptions.NONE)))));
            running.await();
            context.cancel("user left");

            assertThat(soon(failure))
                    .isInstanceOf(RpcException.class)
                    .hasMessage("EchoService.Say was given up: the enclosing call was cancelled: user left");
        }
        assertThat(soon(interrupted)).isTrue();
    }

    @Test
    void underACancelledContextNothingIsOpened() throws Exception {
        try (ScriptedServer server = ScriptedServer.start();
                CancellableContext context = CallContext.current().cancellable()) {
            Client client = ends.connect(server.port(), builder -> {});
            context.cancel("too late");

            context.run(() -> {
                assertThatThrownBy(() -> EchoService.bidi(client)).isInstanceOfSatisfying(StreamException.class, e -> {
                    assertThat(e.code()).isEqualTo(StreamException.CANCELED);
                    assertThat(e.detail()).isEqualTo("too late");
                });
                assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                        .hasMessage("EchoService.Say was not called: the enclosing call is cancelled: too late");
            });

            // The first connection is that of a stream outside the context, and the first frame is its Header.
            CallOptions marked = CallOptions.NONE.withPersistent("outside", "1");
            try (var stream = client.bidiStreaming(EchoService.BIDI, marked)) {
                ScriptedPeer peer = server.accept();
                assertThat(peer.expect(FrameType.HEADER).strings()).containsEntry("RPC_PERSIST_outside", "1");
                assertThat(stream.call().from()).isEqualTo("caller");
            }
        }
    }

    @Test
    void closingAContextEndsWhatStillRunsUnderIt() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        CancellableContext context = CallContext.current().cancellable();
        var stream = context.call(() -> EchoService.bidi(client));
        context.close();

        assertThatThrownBy(stream::recv).hasMessageContaining("code=12007").hasMessageContaining("context was closed");
        assertThat(context.isCancelled()).isTrue();
    }

    @Test
    void aContextOfAHandlerEndsWithTheCallAndKeepsItsReasonAndPath() throws Exception {
        CompletableFuture<StreamException> last = new CompletableFuture<>();
        Server downstream = ends.serve(EchoService.bidi(stream -> waitForMessages(stream, last)));
        Client onward = ends.connect(downstream, builder -> builder.callerName("middle"));
        CompletableFuture<Throwable> inHandler = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            try (CancellableContext context = stream.call().cancellable();
                    var next = context.call(() -> EchoService.bidi(onward))) {
                assertThat(next.header()).isEmpty();
                stream.send("ready");
                inHandler.complete(catchThrowable(next::recv));
            }
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("ready");
            stream.cancel("enough");
        }
        assertThat(soon(inHandler))
                .hasMessage("[ttstream error, code=12007] [client-side stream] [canceled path: caller] enough");
        assertThat(soon(last))
                .hasMessage(
                        "[ttstream error, code=12007] [server-side stream] [canceled path: caller -> middle] enough");
    }

    @Test
    void aContextOfAHandlerCancelledByItselfLeavesTheHandlersStreamAlone() throws Exception {
        Client onward = ends.connect(ends.serve(EchoService.echo()));
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            try (CancellableContext context = stream.call().cancellable();
                    var next = context.call(() -> EchoService.bidi(onward))) {
                context.cancel("only this");
                stream.send(catchThrowable(next::recv).getMessage());
                stream.send(String.valueOf(stream.call().isCancelled()));
            }
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).contains("code=12007").endsWith("only this");
            assertThat(stream.recv()).isEqualTo("false");
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void aListenerOfACancelThatThrowsDisturbsNothing() throws Exception {
        CompletableFuture<Throwable> downstream = new CompletableFuture<>();
        Client onward = ends.connect(ends.serve(EchoService.echo()));
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            if ("wait".equals(stream.recv())) {
                stream.call().onCancel(() -> {
                    throw new IllegalStateException("listener");
                });
                try (var next = EchoService.bidi(onward)) {
                    stream.send("ready");
                    downstream.complete(catchThrowable(next::recv));
                }
            }
            stream.send("fine");
        })));
        try (var other = EchoService.bidi(client);
                var stream = EchoService.bidi(client)) {
            stream.send("wait");
            assertThat(stream.recv()).isEqualTo("ready");
            stream.cancel("enough");

            assertThat(soon(downstream)).hasMessageContaining("enough");
            other.send("go");
            assertThat(other.recv()).isEqualTo("fine");
        }
    }

    @Test
    void aStreamGivenUpBeforeItIsOpenedDoesNotKeepItsConnection() throws Exception {
        try (ScriptedServer server = ScriptedServer.start()) {
            Client client = ends.connect(server.port(), builder -> builder.connectionMode(ConnectionMode.SHORT));
            // Whether the event loop is at the opening or at the cancel first, the connection is closed.
            for (int i = 0; i < 20; i++) {
                var stream = EchoService.bidi(client);
                stream.cancel("at once");
                server.accept().untilEnd();
            }
        }
    }

    // ---- what calls made by a handler inherit ----

    @Test
    void metainfoGoesOnWithTheHandlersContextOnAnyThread() throws Exception {
        List<Map<String, String>> seen = new ArrayList<>();
        Client onward = ends.connect(ends.serve(EchoService.bidi(stream -> {
            synchronized (seen) {
                seen.add(stream.call().persistents());
                seen.add(stream.call().transients());
            }
        })));
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            Runnable call = () -> {
                CallOptions own = CallOptions.NONE.withPersistent("own", "1").withTransient("mine", "2");
                try (var next = onward.bidiStreaming(EchoService.BIDI, own)) {
                    assertThat(next.recv()).isNull();
                }
            };
            call.run();
            Thread.ofPlatform().start(CallContext.current().wrap(call)).join();
            Thread.ofPlatform().start(call).join();
        })));
        CallOptions options = CallOptions.NONE.withPersistent("p", "a").withTransient("t", "b");
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThat(stream.recv()).isNull();
        }
        Map<String, String> inherited = Map.of("p", "a", "own", "1");
        Map<String, String> mine = Map.of("mine", "2");
        assertThat(seen).containsExactly(inherited, mine, inherited, mine, Map.of("own", "1"), mine);
    }

    @Test
    void theCallsOwnPersistentValueWinsOverTheInheritedOne() {
        Client onward = ends.connect(ends.serve(EchoService.bidi(
                stream -> stream.send(String.valueOf(stream.call().persistent("k"))))));
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            try (var next = onward.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withPersistent("k", "own"))) {
                stream.send(String.valueOf(next.recv()));
            }
        })));
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withPersistent("k", "inherited"))) {
            assertThat(stream.recv()).isEqualTo("own");
        }
    }

    @Test
    void theRemainingTimeOfAUnaryCallLimitsTheStreamsOfItsHandler() throws Exception {
        CompletableFuture<StreamException> last = new CompletableFuture<>();
        Client onward = ends.connect(ends.serve(EchoService.bidi(stream -> waitForMessages(stream, last))));
        CompletableFuture<Throwable> inHandler = new CompletableFuture<>();
        CompletableFuture<Duration> remaining = new CompletableFuture<>();
        Server server = ends.serve(EchoService.with(stream -> {}, request -> {
            remaining.complete(CallContext.current().remaining());
            try (var next = EchoService.bidi(onward)) {
                inHandler.complete(catchThrowable(next::recv));
            }
            return request;
        }));
        Client client = ends.connect(server, builder -> builder.pingPong(PingPong.TTHEADER));

        assertThatThrownBy(
                        () -> client.call(EchoService.SAY, "m", CallOptions.NONE.withTimeout(Duration.ofMillis(900))))
                .isInstanceOf(RpcTimeoutException.class)
                .hasMessageContaining("900 ms, set by the options of the call");
        assertThat(soon(remaining)).isBetween(Duration.ofMillis(1), Duration.ofMillis(900));
        // Which of both comes first, the stream's own timer or the caller who hangs up, is chance.
        assertThat(soon(inHandler))
                .isInstanceOfSatisfying(
                        StreamException.class,
                        e -> assertThat(e.code())
                                .isIn(StreamException.STREAM_TIMEOUT, StreamException.INTERNAL_CANCELED));
    }

    @Test
    void whatHasNoTimeLeftIsNotOpened() throws Exception {
        try (ScriptedServer untouched = ScriptedServer.start()) {
            Client onward = ends.connect(untouched.port(), builder -> {});
            CompletableFuture<List<Throwable>> refusals = new CompletableFuture<>();
            Server server = ends.serve(EchoService.with(stream -> {}, request -> {
                while (!Duration.ZERO.equals(CallContext.current().remaining())) {
                    Thread.onSpinWait();
                }
                refusals.complete(List.of(
                        catchThrowable(() -> EchoService.bidi(onward)),
                        catchThrowable(() -> onward.call(EchoService.SAY, "m", CallOptions.NONE))));
                return request;
            }));
            Client client = ends.connect(server, builder -> builder.pingPong(PingPong.TTHEADER));
            assertThatThrownBy(() ->
                            client.call(EchoService.SAY, "m", CallOptions.NONE.withTimeout(Duration.ofMillis(500))))
                    .isInstanceOf(RpcTimeoutException.class);

            // The caller may have hung up by then, which is another good reason not to begin.
            assertThat(soon(refusals))
                    .allSatisfy(e -> assertThat(e.getMessage())
                            .containsAnyOf("was not called: no time is left, set by the enclosing call", "cancel"));
        }
    }

    @Test
    void aStreamUnderAUnaryHandlerEndsWithItAsUnderAnyForeignCall() throws Exception {
        CompletableFuture<StreamException> last = new CompletableFuture<>();
        Client onward = ends.connect(
                ends.serve(EchoService.bidi(stream -> waitForMessages(stream, last))),
                builder -> builder.callerName("middle"));
        CompletableFuture<BidiStreamingClient<String, String>> left = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(EchoService.with(stream -> {}, request -> {
            var next = EchoService.bidi(onward);
            assertThat(next.header()).isEmpty();
            left.complete(next);
            return request;
        })));
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");

        assertThatThrownBy(soon(left)::recv).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(StreamException.INTERNAL_CANCELED);
            assertThat(e.detail()).isEqualTo("EchoService.Say has returned");
            assertThat(e.getCause()).hasMessage("EchoService.Say has returned");
        });
        assertThat(soon(last).code()).isEqualTo(StreamException.INTERNAL_CANCELED);
        assertThat(soon(last).cancelPath()).containsExactly("non-ttstream path", "middle");
    }

    @Test
    void aStreamLeftOpenByAHandlerEndsWhenTheHandlerReturns() throws Exception {
        CompletableFuture<StreamException> last = new CompletableFuture<>();
        Client onward = ends.connect(
                ends.serve(EchoService.bidi(stream -> waitForMessages(stream, last))),
                builder -> builder.callerName("middle"));
        Client client = ends.connect(ends.serve(EchoService.bidi(
                stream -> assertThat(EchoService.bidi(onward).header()).isEmpty())));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isNull();
        }
        assertThat(soon(last).code()).isEqualTo(StreamException.HANDLER_RETURNED);
        assertThat(soon(last).cancelPath()).containsExactly("middle");
        assertThat(soon(last).detail()).isEqualTo("canceled by business handler returning");
    }

    @Test
    void aStreamOfAHandlerWhoseCallerVanishedEndsWithTheLostConnection() throws Exception {
        CompletableFuture<StreamException> last = new CompletableFuture<>();
        Client onward = ends.connect(
                ends.serve(EchoService.bidi(stream -> waitForMessages(stream, last))),
                builder -> builder.callerName("middle"));
        CompletableFuture<Throwable> inHandler = new CompletableFuture<>();
        Server server = ends.serve(EchoService.bidi(stream -> {
            try (var next = EchoService.bidi(onward)) {
                assertThat(next.header()).isEmpty();
                stream.send("ready");
                inHandler.complete(catchThrowable(next::recv));
            }
        }));
        ScriptedPeer peer = ScriptedPeer.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
        peer.send(Frames.open(1, "EchoService", "Bidi"));
        peer.expect(FrameType.HEADER, 1);
        peer.hangUp();

        assertThat(soon(inHandler)).hasMessageContaining("code=12013").hasMessageContaining("[client-side stream]");
        assertThat(soon(last).code()).isEqualTo(StreamException.CONNECTION_CLOSED);
        assertThat(soon(last).cancelPath()).containsExactly("middle");
    }

    @Test
    void aCancelGoesOnThoughItsPathIsTooLongToBePassedOn() throws Exception {
        CompletableFuture<StreamException> last = new CompletableFuture<>();
        Client onward = ends.connect(ends.serve(EchoService.bidi(stream -> waitForMessages(stream, last))));
        Server server = ends.serve(EchoService.bidi(stream -> {
            try (var next = EchoService.bidi(onward)) {
                assertThat(next.header()).isEmpty();
                stream.send("ready");
                next.recv();
            }
        }));
        try (ScriptedPeer peer = ScriptedPeer.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()))) {
            peer.send(Frames.open(1, "EchoService", "Bidi"));
            peer.expect(FrameType.HEADER, 1);
            peer.send(Frames.rst(1, "Bidi", 12007, "gone", "x,".repeat(32_000) + "x"));

            assertThat(soon(last).code()).isEqualTo(StreamException.CANCELED);
            assertThat(soon(last).detail()).isEqualTo("gone");
        }
    }
}
