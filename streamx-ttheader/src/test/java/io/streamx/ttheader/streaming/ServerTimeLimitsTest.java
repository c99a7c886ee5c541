package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingServer;
import io.streamx.StreamException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limits a server sets for its streams: told to the caller at once, and to the handler. */
@Timeout(60)
class ServerTimeLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(60);

    private final OpenEnds ends = new OpenEnds();
    private final CompletableFuture<Throwable> inHandler = new CompletableFuture<>();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

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
        } catch (StreamException e) {
            inHandler.complete(e);
            // A handler that goes on regardless finds the stream over.
            assertThatThrownBy(() -> stream.send("late")).hasMessage(e.getMessage());
            throw e;
        }
    }

    /** Waits for nothing, so that no interrupt ends it before its call is both cancelled and interrupted. */
    private static void computeUntil(CountDownLatch cancelled) {
        while (!Thread.currentThread().isInterrupted() || cancelled.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void assertTold(Throwable told, int type, String text) {
        assertThat(told).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(StreamException.APPLICATION);
            assertThat(e.detail()).startsWith("[ttstream error, code=" + type + "] [server-side stream] " + text);
        });
    }

    private void assertHandlerSaw(int code, String text) throws Exception {
        assertThat(inHandler.get(20, TimeUnit.SECONDS)).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.kind()).isEqualTo(StreamException.Kind.TIMEOUT);
            assertThat(e.side()).isEqualTo(StreamException.Side.SERVER);
            assertThat(e.detail()).startsWith(text);
        });
    }

    @Test
    void aRecvThatTakesTooLongEndsTheStreamForHandlerAndCaller() throws Exception {
        String text =
                "stream Recv timeout, timeout config={Timeout:60ms DisableCancelRemote:false}, set by the server; waited ";
        Client client = connect(builder -> builder.recvTimeout(SHORT));
        try (var stream = EchoService.bidi(client)) {
            stream.send("recv");
            assertTold(catchThrowable(stream::recv), 12014, text);
        }
        assertHandlerSaw(StreamException.RECV_TIMEOUT, text);
    }

    @Test
    void aStreamWithoutMessagesEndsThoughItsHandlerIgnoresTheInterrupt() throws Exception {
        String text = "stream idle timeout, no message in either direction for 60ms, set by the server";
        Client client = connect(builder -> builder.streamIdleTimeout(SHORT));
        try (var stream = EchoService.bidi(client)) {
            stream.send("compute");
            assertTold(catchThrowable(stream::recv), 12015, text);
        }
        assertHandlerSaw(StreamException.STREAM_TIMEOUT, text);
    }

    @Test
    void aStreamThatTakesTooLongEndsThoughItsHandlerIgnoresTheInterrupt() throws Exception {
        String text = "stream timeout, timeout in ctx: 60ms, set by the server; passed ";
        Client client = connect(builder -> builder.streamTimeout(SHORT));
        try (var stream = EchoService.bidi(client)) {
            stream.send("compute");
            assertTold(catchThrowable(stream::recv), 12015, text);
        }
        assertHandlerSaw(StreamException.STREAM_TIMEOUT, text);
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
            assertTold(told, 12015, "stream timeout, timeout in ctx: 200ms, set by the server");
        }
    }

    @Test
    void otherStreamsOfTheConnectionGoOn() {
        Client client = connect(builder -> builder.recvTimeout(Duration.ofMillis(400)));
        try (var late = EchoService.bidi(client)) {
            late.send("recv");
            assertThatThrownBy(late::recv).hasMessageContaining("code=12014");
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
