package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How the calls that a handler makes end with its own call, whatever each of both travels on. */
class CascadeTest extends OverTwoHops {
    private final WaitingHandler last = new WaitingHandler();
    private final CompletableFuture<Throwable> inHandler = new CompletableFuture<>();

    private Client onward() {
        return onwardTo(EchoService.bidi(last::announceAndWait));
    }

    @Test
    void cancelCascadesThroughAHandlersOwnCalls() throws Exception {
        Client onward = onward();
        Client client = connect(ends.serve(EchoService.bidi(stream -> {
            try (var next = EchoService.bidi(onward)) {
                inHandler.complete(catchThrowable(next::recv));
            }
        })));
        try (var stream = EchoService.bidi(client)) {
            last.started.await();
            stream.cancel("enough");
        }
        assertThat(soon(inHandler)).satisfies(second.errors().canceledWithEnclosingStream(first, "caller", "enough"));
        assertThat(soon(inHandler))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        failure -> assertThat(failure.isCausedByEnclosingCall()).isTrue());
        assertThat(last.failure()).satisfies(second.errors().canceledAlong(first, "enough", "caller", "middle"));
    }

    @Test
    void aContextOfAHandlerEndsWithTheCallAndKeepsItsReasonAndPath() throws Exception {
        Client onward = onward();
        Client client = connect(ends.serve(EchoService.bidi(stream -> {
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
        assertThat(soon(inHandler)).satisfies(second.errors().canceledWithEnclosingStream(first, "caller", "enough"));
        assertThat(soon(inHandler))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        failure -> assertThat(failure.isCausedByEnclosingCall()).isTrue());
        assertThat(last.failure()).satisfies(second.errors().canceledAlong(first, "enough", "caller", "middle"));
    }

    @Test
    void aUnaryCallOfAHandlerEndsWithItsStream() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Client onward = onwardTo(EchoService.with(stream -> {}, request -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return request;
        }));
        Client client = connect(ends.serve(EchoService.bidi(stream ->
                inHandler.complete(catchThrowable(() -> onward.call(EchoService.SAY, "m", CallOptions.NONE))))));
        try (var stream = EchoService.bidi(client)) {
            running.await();
            stream.cancel("enough");
        }
        assertThat(soon(inHandler))
                .isInstanceOf(RpcException.class)
                .hasMessageStartingWith("EchoService.Say was given up: the enclosing call was cancelled: ");
        assertThat(soon(interrupted)).isTrue();
    }

    @Test
    void aStreamLeftOpenByAHandlerEndsWhenTheHandlerReturns() throws Exception {
        Client onward = onward();
        Client client = connect(ends.serve(EchoService.bidi(
                stream -> assertThat(EchoService.bidi(onward).header()).isEmpty())));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isNull();
        }
        assertThat(last.failure()).satisfies(second.errors().callersHandlerReturned(first, "middle"));
    }

    @Test
    void aStreamUnderAUnaryHandlerEndsWithItAsUnderAnyForeignCall() throws Exception {
        Client onward = onward();
        CompletableFuture<BidiStreamingClient<String, String>> left = new CompletableFuture<>();
        Client client = connect(ends.serve(EchoService.with(stream -> {}, request -> {
            var next = EchoService.bidi(onward);
            assertThat(next.header()).isEmpty();
            left.complete(next);
            return request;
        })));
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");

        assertThatThrownBy(soon(left)::recv).satisfies(second.errors().endedWithUnaryCall(first));
        assertThat(last.failure()).satisfies(second.errors().callersUnaryCallReturned(first, "middle"));
    }

    @Test
    void aStreamOfAHandlerWhoseCallerVanishedEndsWithTheLostConnection() throws Exception {
        Client onward = onward();
        Server server = ends.serve(EchoService.bidi(stream -> {
            try (var next = EchoService.bidi(onward)) {
                assertThat(next.header()).isEmpty();
                stream.send("ready");
                inHandler.complete(catchThrowable(next::recv));
            }
        }));
        Relay relay = ends.add(Relay.to(server.port()));
        try (var stream = EchoService.bidi(connect(relay.port()))) {
            assertThat(stream.recv()).isEqualTo("ready");
            relay.cut();

            assertThat(soon(inHandler)).satisfies(second.errors().lostWithEnclosingStream(first));
            assertThat(last.failure()).satisfies(second.errors().callersCallerLost(first, "middle"));
        }
    }

    @Test
    void theRemainingTimeOfAUnaryCallLimitsTheStreamsOfItsHandler() throws Exception {
        Client onward = onward();
        CompletableFuture<Duration> remaining = new CompletableFuture<>();
        Client client = connect(ends.serve(EchoService.with(stream -> {}, request -> {
            remaining.complete(CallContext.current().remaining());
            try (var next = EchoService.bidi(onward)) {
                inHandler.complete(catchThrowable(next::recv));
            }
            // An answer might be there before the caller's own time is up.
            new CountDownLatch(1).await();
            return request;
        })));
        assertThatThrownBy(
                        () -> client.call(EchoService.SAY, "m", CallOptions.NONE.withTimeout(Duration.ofMillis(900))))
                .isInstanceOf(RpcTimeoutException.class)
                .hasMessageContaining("900 ms, set by the options of the call");
        assertThat(soon(remaining)).isBetween(Duration.ofMillis(1), Duration.ofMillis(900));
        assertThat(soon(inHandler)).satisfies(second.errors().timeOrCallOver());
    }

    @Test
    void theTimeOfAStreamIsKnownToTheLastHandlerWhereTransportsCarryIt() throws Exception {
        CompletableFuture<Duration> atMiddle = new CompletableFuture<>();
        CompletableFuture<Duration> atLast = new CompletableFuture<>();
        Client onward = onwardTo(
                EchoService.bidi(stream -> atLast.complete(stream.call().remaining())));
        Client client = connect(ends.serve(EchoService.bidi(stream -> {
            atMiddle.complete(stream.call().remaining());
            try (var next = EchoService.bidi(onward)) {
                assertThat(next.recv()).isNull();
            }
        })));
        Duration limit = Duration.ofSeconds(40);
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withTimeout(limit))) {
            assertThat(stream.recv()).isNull();
        }
        if (first.streamsCarryTheirTime()) {
            assertThat(soon(atMiddle)).isBetween(Duration.ofSeconds(1), limit);
        } else {
            assertThat(soon(atMiddle)).isNull();
        }
        if (first.streamsCarryTheirTime() && second.streamsCarryTheirTime()) {
            assertThat(soon(atLast)).isBetween(Duration.ofSeconds(1), soon(atMiddle));
        } else {
            assertThat(soon(atLast)).isNull();
        }
    }

    @Test
    void whatHasNoTimeLeftIsNotOpened() throws Exception {
        Relay untouched = ends.add(Relay.to(ends.serve(EchoService.echo()).port()));
        Client onward = onwardTo(untouched.port());
        CompletableFuture<List<Throwable>> refusals = new CompletableFuture<>();
        Client client = connect(ends.serve(EchoService.with(stream -> {}, request -> {
            while (!Duration.ZERO.equals(CallContext.current().remaining())) {
                Thread.onSpinWait();
            }
            refusals.complete(List.of(
                    catchThrowable(() -> EchoService.bidi(onward)),
                    catchThrowable(() -> onward.call(EchoService.SAY, "m", CallOptions.NONE))));
            // A reply now could still be faster than the caller's clock.
            new CountDownLatch(1).await();
            return request;
        })));
        assertThatThrownBy(
                        () -> client.call(EchoService.SAY, "m", CallOptions.NONE.withTimeout(Duration.ofMillis(500))))
                .isInstanceOf(RpcTimeoutException.class);

        // The caller may have hung up by then, or the handler's own timer may have been faster: both are good reasons
        // not to begin.
        assertThat(soon(refusals))
                .allSatisfy(e -> assertThat(e.getMessage())
                        .containsAnyOf(
                                "was not called: no time is left, set by the enclosing call",
                                "cancel",
                                "CANCEL",
                                "set by the caller"));
        assertThat(untouched.accepted()).isZero();
    }
}
