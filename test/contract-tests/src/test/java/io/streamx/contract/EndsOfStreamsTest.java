package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Two ends of one stream, and an end while messages are waiting: which end is seen, and what becomes of the messages. */
class EndsOfStreamsTest extends OnEveryTransport {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** The clock stands still until all that a test sends before its limit has come. */
    private final ManualClock clock = new ManualClock();

    private final CompletableFuture<List<Object>> received = new CompletableFuture<>();

    /** Receives nothing before its call is over for its caller, then all there is. Echoes nothing. */
    private void receiveWhenOver(BidiStreamingServer<String, String> stream) {
        CountDownLatch over = new CountDownLatch(1);
        stream.call().onCancel(over::countDown);
        awaitUninterruptibly(over);
        received.complete(drain(stream::recv));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                if (!latch.await(20, TimeUnit.SECONDS)) {
                    throw new AssertionError("not within 20 seconds");
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Receiver {
        String recv();
    }

    /** The messages, and at last the failure or "the clean end". */
    private static List<Object> drain(Receiver receiver) {
        List<Object> all = new ArrayList<>();
        while (true) {
            AtomicReference<String> message = new AtomicReference<>();
            Throwable failure = catchThrowable(() -> message.set(receiver.recv()));
            if (failure != null) {
                all.add(failure);
                return all;
            }
            if (message.get() == null) {
                all.add("the clean end");
                return all;
            }
            all.add(message.get());
        }
    }

    private List<Object> seenByTheHandler() throws Exception {
        return received.get(30, TimeUnit.SECONDS);
    }

    private static void assertMessagesThen(List<Object> seen, Consumer<Throwable> failure, String... messages) {
        assertThat(seen.subList(0, seen.size() - 1)).containsExactly((Object[]) messages);
        assertThat(seen.getLast()).isInstanceOfSatisfying(Throwable.class, failure);
    }

    /** All that was sent on the one connection before this call has been read at the other end after it. */
    private static void everythingHasArrived(Client client) {
        try (var stream = client.serverStreaming(EchoService.PRODUCE, "1", CallOptions.NONE)) {
            assertThat(stream.recv()).isEqualTo("reply 0");
        }
    }

    // ---- at the server ----

    @Test
    void anUploadThatIsCancelledAfterItsEndDoesNotLookComplete() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.bidi(this::receiveWhenOver)));
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            stream.send("two");
            stream.closeSend();
            everythingHasArrived(client);
            stream.cancel("changed my mind");
        }
        assertMessagesThen(seenByTheHandler(), errors().canceledByCaller("changed my mind", "caller"), "one", "two");
    }

    @Test
    void anUploadWhoseCallerIsLostAfterItsEndDoesNotLookComplete() throws Exception {
        Server server = ends.serve(EchoService.bidi(this::receiveWhenOver));
        Relay relay = ends.add(Relay.to(server.port()));
        Client client = ends.connect(relay.port(), plain -> {});
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            stream.closeSend();
            everythingHasArrived(client);
            relay.cut();
        }
        assertMessagesThen(seenByTheHandler(), errors().callerLost(), "one");
    }

    @Test
    void aHandlerWhoseServersLimitHasPassedTakesWhatHasComeAndItsCallerGetsWhatItSent() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    stream.send("sent before");
                    sent.countDown();
                    receiveWhenOver(stream);
                }),
                builder -> builder.streamTimeout(LIMIT).install(clock));
        Client client = ends.connectNow(server, plain -> {});
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            stream.send("two");
            assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
            everythingHasArrived(client);
            clock.advance(LIMIT);
            assertMessagesThen(drain(stream::recv), errors().streamTimeoutOfServer("3s"), "sent before");
        }
        assertMessagesThen(seenByTheHandler(), errors().ownStreamTimeout("3s"), "one", "two");
    }

    // ---- at the client ----

    /** A stream whose server has sent three messages, which lie unread, and goes on waiting. */
    private BidiStreamingClient<String, String> withThreeMessages(CallOptions options) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        Client client = ends.connectNow(
                ends.serve(EchoService.bidi(stream -> {
                    stream.send("one");
                    stream.send("two");
                    stream.send("three");
                    sent.countDown();
                    stream.recv();
                })),
                builder -> builder.install(clock));
        var stream = ends.add(client.bidiStreaming(EchoService.BIDI, options));
        assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
        everythingHasArrived(client);
        return stream;
    }

    @Test
    void messagesThatCameBeforeTheTimeWasOverAreReceived() throws Exception {
        var stream = withThreeMessages(CallOptions.NONE.withTimeout(LIMIT));
        clock.advance(LIMIT);
        assertThatThrownBy(stream::trailer).satisfies(errors().streamTimeout("3s", "the options of the call"));

        assertThatThrownBy(() -> stream.send("late"))
                .satisfies(errors().streamTimeout("3s", "the options of the call"));
        assertMessagesThen(
                drain(stream::recv), errors().streamTimeout("3s", "the options of the call"), "one", "two", "three");
        assertThatThrownBy(stream::recv).satisfies(errors().streamTimeout("3s", "the options of the call"));
    }

    @Test
    void messagesThatCameBeforeTheEnclosingContextWasCancelledAreReceived() throws Exception {
        try (CancellableContext context = CallContext.current().cancellable()) {
            AtomicReference<BidiStreamingClient<String, String>> opened = new AtomicReference<>();
            context.call(() -> {
                opened.set(withThreeMessages(CallOptions.NONE));
                return null;
            });
            var stream = opened.get();
            context.cancel("user left");

            assertMessagesThen(drain(stream::recv), errors().canceled("user left"), "one", "two", "three");
        }
    }

    @Test
    void anOwnCancelDropsWhatWasNotReceived() throws Exception {
        var stream = withThreeMessages(CallOptions.NONE);
        stream.cancel("enough");

        assertMessagesThen(drain(stream::recv), errors().canceled("enough"));
    }

    @Test
    void aCancelAfterTheServersEndChangesNothing() throws Exception {
        Client client = ends.connectNow(
                ends.serve(EchoService.bidi(stream -> {
                    stream.send("one");
                    stream.send("two");
                })),
                plain -> {});
        try (var stream = EchoService.bidi(client)) {
            stream.trailer();
            stream.cancel("too late");

            assertThat(drain(stream::recv)).containsExactly("one", "two", "the clean end");
        }
    }
}
