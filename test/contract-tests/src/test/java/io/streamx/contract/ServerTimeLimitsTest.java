package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The limits a server sets for its streams: told to the caller at once, and to the handler. */
class ServerTimeLimitsTest extends OnEveryTransport {
    private static final Duration SHORT = Duration.ofMillis(60);

    private final CompletableFuture<Throwable> inHandler = new CompletableFuture<>();

    private Client connect(Consumer<Server.Builder> limit) {
        return ends.connect(ends.serve(EchoService.bidi(this::handle), limit));
    }

    private void handle(BidiStreamingServer<String, String> stream) throws InterruptedException {
        for (String message = stream.recv(); message != null; message = recv(stream)) {
            switch (message) {
                case "recv" -> {
                    // the next recv is where it waits
                }
                case "compute" -> {
                    CountDownLatch cancelled = new CountDownLatch(1);
                    stream.call().onCancel(cancelled::countDown);
                    computeUntil(cancelled);
                    inHandler.complete(stream.call().cancellation());
                }
                default -> stream.send(message);
            }
        }
    }

    private String recv(BidiStreamingServer<String, String> stream) {
        try {
            return stream.recv();
        } catch (RpcException e) {
            inHandler.complete(e);
            // A handler that goes on regardless finds the stream over.
            assertThatThrownBy(() -> stream.send("late")).hasMessage(e.getMessage());
            throw e;
        }
    }

    /** Waits for nothing, so that no interrupt ends it before its call is both cancelled and interrupted. */
    private static void computeUntil(CountDownLatch cancelled) {
        while (!Thread.currentThread().isInterrupted() || cancelled.getCount() > 0) {
            // Where event loops schedule handlers, one that never lets go would hold up its own timers.
            Thread.yield();
        }
    }

    private void assertHandlerSaw(Consumer<Throwable> expected) throws Exception {
        assertThat(inHandler.get(20, TimeUnit.SECONDS)).satisfies(expected);
    }

    @Test
    void aRecvThatTakesTooLongEndsTheStreamForHandlerAndCaller() throws Exception {
        Client client = connect(builder -> builder.recvTimeout(SHORT));
        try (var stream = EchoService.bidi(client)) {
            stream.send("recv");
            assertThatThrownBy(stream::recv).satisfies(errors().recvTimeoutOfServer("60ms"));
        }
        assertHandlerSaw(errors().ownRecvTimeout("60ms"));
    }

    @Test
    void aStreamWithoutMessagesEndsThoughItsHandlerIgnoresTheInterrupt() throws Exception {
        Client client = connect(builder -> builder.streamIdleTimeout(SHORT));
        try (var stream = EchoService.bidi(client)) {
            stream.send("compute");
            assertThatThrownBy(stream::recv).satisfies(errors().idleTimeoutOfServer("60ms"));
        }
        assertHandlerSaw(errors().ownIdleTimeout("60ms"));
    }

    @Test
    void aStreamThatTakesTooLongEndsThoughItsHandlerIgnoresTheInterrupt() throws Exception {
        Client client = connect(builder -> builder.streamTimeout(SHORT));
        try (var stream = EchoService.bidi(client)) {
            stream.send("compute");
            assertThatThrownBy(stream::recv).satisfies(errors().streamTimeoutOfServer("60ms"));
        }
        assertHandlerSaw(errors().ownStreamTimeout("60ms"));
    }

    @Test
    void aHandlerSeesWhatIsLeftOfTheServersLimitWhenThatIsLess() {
        Client client = ends.connect(ends.serve(
                EchoService.bidi(stream ->
                        stream.send(String.valueOf(CallContext.current().remaining()))),
                builder -> builder.streamTimeout(Duration.ofMinutes(5))));
        assertThat(remaining(client, CallOptions.NONE)).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(remaining(client, CallOptions.NONE.withTimeout(Duration.ofMinutes(50))))
                .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    }

    private static Duration remaining(Client client, CallOptions options) {
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            return Duration.parse(Objects.requireNonNull(stream.recv()));
        }
    }

    @Test
    void messagesKeepAStreamFromBeingIdleButNotFromItsLimit() {
        Client client = connect(
                builder -> builder.streamIdleTimeout(Duration.ofSeconds(20)).streamTimeout(Duration.ofMillis(200)));
        try (var stream = EchoService.bidi(client)) {
            Throwable told = catchThrowable(() -> {
                while (true) {
                    stream.send("m");
                    assertThat(stream.recv()).isEqualTo("m");
                }
            });
            assertThat(told).satisfies(errors().streamTimeoutOfServer("200ms"));
        }
    }

    @Test
    void otherStreamsOfTheConnectionGoOn() {
        Client client = connect(builder -> builder.recvTimeout(Duration.ofMillis(400)));
        try (var late = EchoService.bidi(client)) {
            late.send("recv");
            assertThatThrownBy(late::recv).satisfies(errors().recvTimeoutOfServer("400ms"));
            try (var other = EchoService.bidi(client)) {
                other.send("m");
                assertThat(other.recv()).isEqualTo("m");
            }
        }
    }

    @Test
    void limitsOfNoLengthAreRefused() {
        Server.Builder builder = Server.builder();
        assertThatThrownBy(() -> builder.recvTimeout(Duration.ZERO)).hasMessage("recvTimeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> builder.streamIdleTimeout(Duration.ofMillis(-1)))
                .hasMessage("streamIdleTimeout: PT-0.001S (expected: > 0)");
        assertThatThrownBy(() -> builder.streamTimeout(Duration.ZERO))
                .hasMessage("streamTimeout: PT0S (expected: > 0)");
    }
}
