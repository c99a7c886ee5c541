package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams given up by their callers, on purpose or not. */
class CancelTest extends OnEveryTransport {
    private final WaitingHandler handler = new WaitingHandler();

    private Client connect(ServiceDefinition service) {
        return ends.connect(ends.serve(service));
    }

    private Client connectToWaitingHandler() {
        return connect(EchoService.bidi(handler::waitForMessages));
    }

    @Test
    void cancelUnblocksTheCallerAndTheHandlerAtOnce() throws Exception {
        Client client = connectToWaitingHandler();
        try (var stream = EchoService.bidi(client)) {
            handler.started.await();
            CompletableFuture<Throwable> receiver = new CompletableFuture<>();
            Thread.startVirtualThread(() -> receiver.complete(catchThrowable(stream::recv)));
            stream.cancel("user left");

            assertThat(receiver.get(10, TimeUnit.SECONDS)).satisfies(errors().canceled("user left"));
            assertThatThrownBy(() -> stream.send("late")).satisfies(errors().canceled("user left"));
            assertThatThrownBy(stream::trailer).satisfies(errors().canceled("user left"));
            assertThatThrownBy(stream::header).satisfies(errors().canceled("user left"));
        }
        assertThat(handler.failure()).satisfies(errors().canceledByCaller("user left", "caller"));
        assertThat(handler.wasInterrupted()).isTrue();
    }

    @Test
    void whoeverSeesTheCallCancelledCannotSendAnyMore() throws Exception {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        Client client = connect(EchoService.bidi(stream -> {
            stream.call().onCancel(() -> refusal.complete(catchThrowable(() -> stream.send("late"))));
            stream.send("ready");
            stream.recv();
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("ready");
            stream.cancel("enough");
        }
        assertThat(refusal.get(20, TimeUnit.SECONDS)).satisfies(errors().canceledByCaller("enough", "caller"));
    }

    @Test
    void leavingTheBlockCancels() throws Exception {
        Client client = connectToWaitingHandler();
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
        }
        assertThat(handler.failure()).satisfies(errors().canceledByCaller("", "caller"));
    }

    @Test
    void interruptOfAWaitingCallerCancels() throws Exception {
        Client client = connectToWaitingHandler();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try (var stream = EchoService.bidi(client)) {
                stream.recv();
            } catch (RpcException e) {
                failure.complete(Thread.currentThread().isInterrupted() ? e : new AssertionError("flag lost"));
            }
        });
        handler.started.await();
        caller.interrupt();

        assertThat(failure.get(10, TimeUnit.SECONDS)).satisfies(errors().interruptedIn("recv"));
        assertThat(handler.failure()).satisfies(errors().canceledByCaller("", "caller"));
    }

    @Test
    void interruptOfAThreadThatAwaitsTheHeaderCancels() throws Exception {
        Client client = connectToWaitingHandler();
        try (var stream = EchoService.bidi(client)) {
            handler.started.await();
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread waiting = Thread.startVirtualThread(() -> failure.complete(catchThrowable(stream::header)));
            waiting.interrupt();

            assertThat(failure.get(20, TimeUnit.SECONDS)).satisfies(errors().interruptedIn("header"));
            assertThatThrownBy(stream::recv).satisfies(errors().interruptedIn("header"));
        }
        assertThat(handler.failure()).satisfies(errors().canceledByCaller("", "caller"));
    }

    @Test
    void cancelReachesAHandlerThatIsBlockedInSend() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Client client = connect(EchoService.bidi(stream -> {
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
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).hasSize(10_000);
        }
        assertThat(failure.get(20, TimeUnit.SECONDS)).satisfies(errors().canceledByCaller("", "caller"));
    }

    @Test
    void cancelReachesACallerThatIsBlockedInSend() throws Exception {
        CountDownLatch forever = new CountDownLatch(1);
        Client client = connect(EchoService.bidi(stream -> forever.await()));
        try (var stream = EchoService.bidi(client)) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread sender = Thread.ofPlatform()
                    .start(() -> failure.complete(catchThrowable(() -> {
                        while (true) {
                            stream.send("x".repeat(10_000));
                        }
                    })));
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            stream.cancel("enough");
            assertThat(failure.get(20, TimeUnit.SECONDS)).satisfies(errors().canceled("enough"));
        }
    }

    @Test
    void aUnaryCallGivenUpInterruptsItsHandler() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Client client = connect(EchoService.with(stream -> {}, request -> {
            handler.started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return request;
        }));
        CompletableFuture<String> result = client.callAsync(EchoService.SAY, "m", CallOptions.NONE);
        handler.started.await();
        result.cancel(true);

        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingTheClientEndsItsStreamsOnBothSides() throws Exception {
        Client client = connectToWaitingHandler();
        var stream = EchoService.bidi(client);
        handler.started.await();
        client.close();

        assertThatThrownBy(stream::recv).satisfies(errors().clientClosed());
        assertThat(handler.failure()).satisfies(errors().callerLost());
        assertThatThrownBy(() -> EchoService.bidi(client))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aBrokenConnectionEndsItsStreamsOnBothSidesAndTheNextCallConnectsAnew() throws Exception {
        Relay relay = ends.add(
                Relay.to(ends.serve(EchoService.bidi(handler::waitForMessages)).port()));
        Client client = ends.connect(relay.port(), builder -> {});
        try (var stream = EchoService.bidi(client)) {
            handler.started.await();
            relay.cut();

            assertThatThrownBy(stream::recv).satisfies(errors().connectionLost());
        }
        assertThat(handler.failure()).satisfies(errors().callerLost());
        assertThat(client.call(EchoService.SAY, "again", CallOptions.NONE)).isEqualTo("again");
    }
}
