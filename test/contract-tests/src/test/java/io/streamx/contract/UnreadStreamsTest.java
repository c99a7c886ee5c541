package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.client.Client;
import io.streamx.engine.ConnectionLevels;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stream that nobody reads, or reads slowly, holds up nothing beside itself, and is not ended for it. */
class UnreadStreamsTest extends OnEveryTransport {
    private static final String MESSAGE = "x".repeat(10_000);
    private static final int CONNECTION_BYTES = 512 << 10;

    private final CountDownLatch deafRuns = new CountDownLatch(1);
    private final CompletableFuture<Throwable> deafEnd = new CompletableFuture<>();

    /** Its first message says what a handler does. */
    private void handle(BidiStreamingServer<String, String> stream) throws Exception {
        if (!"do not read".equals(stream.recv())) {
            stream.send("fine");
            return;
        }
        CallContext context = CallContext.current();
        try (CallContext.Registration end = context.onCancel(() -> deafEnd.complete(context.cancellation()))) {
            deafRuns.countDown();
            new CountDownLatch(1).await();
        }
    }

    private Server serve() {
        return ends.serve(
                EchoService.bidi(this::handle),
                builder -> builder.buffers(256 << 10, CONNECTION_BYTES).stallTimeout(Duration.ofMinutes(10)));
    }

    /** Opens a stream that is not read, and sends until nothing more is taken. */
    private BidiStreamingClient<String, String> floodDeaf(Client client) throws Exception {
        var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
        stream.send("do not read");
        deafRuns.await();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                while (true) {
                    stream.send(MESSAGE);
                }
            } catch (RuntimeException ended) {
                // As it is at the end of each test.
            }
        });
        while (sender.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return stream;
    }

    private static void askAnother(Client client) {
        try (var other = EchoService.bidi(client)) {
            other.send("ask");
            assertThat(other.recv()).isEqualTo("fine");
        }
    }

    @Test
    void newStreamsOfItsConnectionAreServed() throws Exception {
        Client client = ends.connect(serve());
        try (var deaf = floodDeaf(client)) {
            for (int i = 0; i < 20; i++) {
                askAnother(client);
            }
            assertThat(deafEnd).isNotDone();
        }
    }

    @Test
    void itsCancelIsSeenAtOnce() throws Exception {
        Client client = ends.connect(serve());
        try (var deaf = floodDeaf(client)) {
            deaf.cancel("enough");
            assertThat(deafEnd.get(20, TimeUnit.SECONDS)).isNotNull();
            askAnother(client);
        }
    }

    @Test
    void theTimeOfItsCallIsNotHeldUp() throws Exception {
        Client client = ends.connect(serve());
        client.warmUp();
        try (var deaf = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withTimeout(Duration.ofSeconds(1)))) {
            deaf.send("do not read");
            assertThatThrownBy(() -> {
                        while (true) {
                            deaf.send(MESSAGE);
                        }
                    })
                    .hasMessageContaining("1s");
            assertThat(deafEnd.get(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void theDeathOfItsCallerIsSeen() throws Exception {
        Relay relay = ends.add(Relay.to(serve().port()));
        Client client = ends.connect(relay.port(), builder -> {});
        try (var deaf = floodDeaf(client)) {
            relay.cut();
            assertThat(deafEnd.get(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /**
     * A thousand messages are more than the connection may hold: some streams cannot have one there. On gRPC so many streams
     * that begin at once may send more than that before they hear of smaller windows.
     */
    @Test
    void manyOfThemLeaveTheirConnectionToOthers() throws Exception {
        int streams = transport == TransportUnderTest.GRPC ? 200 : 1000;
        CountDownLatch ended = new CountDownLatch(1);
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    if ("do not read".equals(stream.recv())) {
                        new CountDownLatch(1).await();
                    }
                    stream.send("fine");
                }),
                builder -> builder.stallTimeout(Duration.ofMinutes(10)));
        Client client = ends.connect(server);
        // From its first answer on a client knows whether the server grants credit.
        askAnother(client);
        CountDownLatch full = new CountDownLatch(streams);
        for (int i = 0; i < streams; i++) {
            Thread.startVirtualThread(() -> {
                var deaf = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
                try {
                    deaf.send("do not read");
                    full.countDown();
                    while (true) {
                        deaf.send(MESSAGE);
                    }
                } catch (RuntimeException atTheEnd) {
                    ended.countDown();
                }
            });
        }
        assertThat(full.await(50, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 20; i++) {
            askAnother(client);
        }
        assertThat(ended.getCount()).isEqualTo(1);
    }

    @Test
    void readersThatAreSlowAndSteadyGoOn() throws Exception {
        int streams = 20;
        int rounds = 60;
        Server server = ends.serve(EchoService.bidi(stream -> {
            // Far more than is read.
            while (true) {
                stream.send(MESSAGE);
            }
        }));
        Client client = ends.connect(
                server, builder -> builder.buffers(256 << 10, CONNECTION_BYTES).stallTimeout(Duration.ofSeconds(2)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                readers.add(threads.submit(() -> {
                    try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                        for (int round = 0; round < rounds; round++) {
                            assertThat(stream.recv()).hasSize(MESSAGE.length());
                            // Ten messages a second: a slow reader, which is what this test is about.
                            CompletableFuture.runAsync(
                                            () -> {}, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
                                    .join();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> reader : readers) {
                reader.get(40, TimeUnit.SECONDS);
            }
        }
    }

    /** What its reader has taken and not told of must not count against a window that became smaller. */
    @Test
    void oneWhoseReaderHasTakenEverythingGoesOnBesideThem() throws Exception {
        int streams = 200;
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    for (String message : stream) {
                        stream.send(MESSAGE);
                        while ("flood".equals(message)) {
                            stream.send(MESSAGE);
                        }
                    }
                }),
                builder -> builder.stallTimeout(Duration.ofMinutes(10)));
        Client client = ends.connect(server);
        List<BidiStreamingClient<String, String>> deaf = new ArrayList<>();
        try (var live = EchoService.bidi(client)) {
            for (int taken = 0; taken < 60 << 10; taken += MESSAGE.length()) {
                live.send("one");
                assertThat(live.recv()).isEqualTo(MESSAGE);
            }
            for (int i = 0; i < streams; i++) {
                var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
                stream.send("flood");
                deaf.add(stream);
            }
            while (ConnectionLevels.of(ConnectionLevels.connectionOf(live)).unreadBytes() < 1 << 20) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 200; i++) {
                live.send("one");
                assertThat(live.recv()).isEqualTo(MESSAGE);
            }
        } finally {
            deaf.forEach(BidiStreamingClient::close);
        }
    }
}
