package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.client.ConnectionMode;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Contexts: what calls made under one inherit, on whatever thread, and how they end with it. */
class ContextTest extends OnEveryTransport {
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
            BidiStreamingServer<String, String> stream, CompletableFuture<RpcException> end) {
        stream.sendHeader(Map.of());
        try {
            for (String message : stream) {
                stream.send(message);
            }
        } catch (RpcException e) {
            end.complete(e);
        }
    }

    // ---- contexts that can be cancelled ----

    @Test
    void cancellingAContextEndsEveryStreamMadeUnderIt() throws Exception {
        CompletableFuture<RpcException> end = new CompletableFuture<>();
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
                assertThatThrownBy(stream::recv).satisfies(errors().canceled("user left"));
                assertThatThrownBy(() -> stream.send("late")).satisfies(errors().canceled("user left"));
            }
            outside.send("unharmed");
            assertThat(outside.recv()).isEqualTo("unharmed");
        }
        assertThat(soon(end)).satisfies(errors().canceledByCaller("user left", "caller"));
    }

    @Test
    void cancellingAContextUnblocksARecvAtOnce() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        try (CancellableContext context = CallContext.current().cancellable();
                var stream = context.call(() -> EchoService.bidi(client))) {
            CompletableFuture<Throwable> failure = failureOfRecv(stream);
            context.cancel("enough");
            context.cancel("the first reason stays");
            assertThat(soon(failure)).satisfies(errors().canceled("enough"));
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
        Server server = ends.serve(EchoService.bidi(
                stream -> stream.send(String.valueOf(stream.call().persistent("OUTSIDE")))));
        Relay relay = ends.add(Relay.to(server.port()));
        Client client = ends.connect(relay.port(), builder -> {});
        try (CancellableContext context = CallContext.current().cancellable()) {
            context.cancel("too late");
            context.run(() -> {
                assertThatThrownBy(() -> EchoService.bidi(client)).satisfies(errors().canceled("too late"));
                assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                        .hasMessage("EchoService.Say was not called: the enclosing call is cancelled: too late");
            });
            assertThat(relay.accepted()).isZero();

            CallOptions marked = CallOptions.NONE.withPersistent("OUTSIDE", "1");
            try (var stream = client.bidiStreaming(EchoService.BIDI, marked)) {
                assertThat(stream.recv()).isEqualTo("1");
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

        assertThatThrownBy(stream::recv).satisfies(errors().canceled("")).hasMessageContaining("context was closed");
        assertThat(context.isCancelled()).isTrue();
    }

    @Test
    void aContextOfAHandlerCancelledByItselfLeavesTheHandlersStreamAlone() throws Exception {
        CompletableFuture<Throwable> inHandler = new CompletableFuture<>();
        Client onward = ends.connect(ends.serve(EchoService.echo()));
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            try (CancellableContext context = stream.call().cancellable();
                    var next = context.call(() -> EchoService.bidi(onward))) {
                context.cancel("only this");
                inHandler.complete(catchThrowable(next::recv));
                stream.send(String.valueOf(stream.call().isCancelled()));
            }
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("false");
            assertThat(stream.recv()).isNull();
        }
        assertThat(soon(inHandler)).satisfies(errors().canceled("only this"));
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

            assertThat(soon(downstream)).satisfies(errors().canceledWithEnclosingStream(transport, "caller", "enough"));
            other.send("go");
            assertThat(other.recv()).isEqualTo("fine");
        }
    }

    @Test
    void aStreamGivenUpBeforeItIsOpenedDoesNotKeepItsConnection() throws Exception {
        int count = 20;
        Relay relay = ends.add(Relay.to(ends.serve(EchoService.echo()).port()));
        Client client = ends.connect(relay.port(), builder -> builder.connectionMode(ConnectionMode.SHORT));
        // Whether the event loop is at the opening or at the cancel first, the connection is closed.
        for (int i = 0; i < count; i++) {
            EchoService.bidi(client).cancel("at once");
        }
        relay.awaitClosed(count);
    }
}
