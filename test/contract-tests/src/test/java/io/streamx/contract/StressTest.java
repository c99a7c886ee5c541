package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.client.Client;
import io.streamx.client.ConnectionMode;
import io.streamx.engine.ConnectionLevels;
import io.streamx.engine.StreamConnection;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Streams opened, used, cancelled, timed out, left unread and cut off in every order that chance finds; afterwards
 * nothing is left of them: no stream on any connection, no byte in any budget, no handler, no reference.
 */
@Timeout(7200)
class StressTest extends OnEveryTransport {
    /** The build takes two seconds; {@code -Dstreamx.soakSeconds} makes it a soak. */
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("streamx.soakSeconds", 2));

    private static final int WORKERS = 12;
    private static final Duration PATIENCE = LENGTH.plusSeconds(30);

    private final Set<StreamConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger handlers = new AtomicInteger();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
    private final Set<WeakReference<Object>> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private Client client;

    @ParameterizedTest
    @CsvSource({"MUX, 1", "MUX, 3", "LONG, 1", "SHORT, 1"})
    void nothingIsLeftOfStreamsHoweverTheyEnd(ConnectionMode mode, int count) throws Exception {
        Server server = ends.serve(
                EchoService.bidi(this::handle),
                builder -> builder.buffers(16 << 10, 64 << 10).stallTimeout(Duration.ofMillis(200)));
        client = ends.connect(
                server,
                builder -> builder.connectionMode(mode)
                        .connections(count)
                        .buffers(16 << 10, 64 << 10)
                        .stallTimeout(Duration.ofMillis(200)));
        long until = System.nanoTime() + LENGTH.toNanos();
        long seed = System.nanoTime();
        SplittableRandom seeds = new SplittableRandom(seed);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                SplittableRandom random = seeds.split();
                workers.add(threads.submit(() -> {
                    while (System.nanoTime() < until) {
                        oneCall(random);
                    }
                    return null;
                }));
            }
            awaitAll(workers);
        }
        assertNothingIsLeft(seed);
    }

    private void awaitAll(List<Future<?>> workers) throws Exception {
        try {
            for (Future<?> worker : workers) {
                worker.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            // Workers that hang end with their streams, so that the failure is shown.
            client.close();
            throw e;
        }
    }

    // ---- the client's part ----

    /** Any failure of a call is fine; anything else that is thrown is not. */
    private void oneCall(SplittableRandom random) throws Exception {
        calls.incrementAndGet();
        try {
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> echo(open(CallOptions.NONE), random);
                case 4 -> open(CallOptions.NONE).cancel("at once");
                case 5 -> cancelledFromElsewhere(random);
                case 6 -> timedOut(random);
                case 7, 8 -> flooded(random);
                case 9 -> inAContext(random);
                case 10 -> ended(random.nextBoolean() ? "fail" : "biz");
                case 11 -> unread();
                case 12 -> keepingTheRemote(random);
                default -> maybeCut(random);
            }
        } catch (RpcException anyOutcome) {
            // as said
        }
    }

    private BidiStreamingClient<String, String> open(CallOptions options) {
        BidiStreamingClient<String, String> stream = client.bidiStreaming(EchoService.BIDI, options);
        connections.add(ConnectionLevels.connectionOf(stream));
        streams.add(new WeakReference<>(stream, collected));
        return stream;
    }

    private static void echo(BidiStreamingClient<String, String> stream, SplittableRandom random) {
        try (stream) {
            int count = random.nextInt(8);
            for (int i = 0; i < count; i++) {
                String message = "e" + "x".repeat(random.nextInt(random.nextInt(10) == 0 ? 40_000 : 100));
                stream.send(message);
                assertThat(stream.recv()).isIn(message, null);
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    private void cancelledFromElsewhere(SplittableRandom random) throws Exception {
        var stream = open(CallOptions.NONE);
        int before = random.nextInt(50);
        CountDownLatch sent = new CountDownLatch(before);
        Thread canceller = Thread.startVirtualThread(() -> {
            try {
                sent.await();
            } catch (InterruptedException e) {
                // cancels all the earlier
            }
            stream.cancel("from elsewhere");
        });
        try (stream) {
            while (true) {
                stream.send("discard");
                sent.countDown();
            }
        } finally {
            canceller.interrupt();
            canceller.join();
        }
    }

    private void timedOut(SplittableRandom random) {
        Duration soon = Duration.ofNanos(1 + random.nextInt(3_000_000));
        CallOptions options = random.nextBoolean()
                ? CallOptions.NONE.withTimeout(soon)
                : CallOptions.NONE.withRecvTimeout(RecvTimeout.of(soon));
        try (var stream = open(options)) {
            while (true) {
                stream.send(random.nextInt(20) == 0 ? "wait" : "e");
                stream.recv();
            }
        }
    }

    private void keepingTheRemote(SplittableRandom random) {
        RecvTimeout soon =
                RecvTimeout.of(Duration.ofNanos(1 + random.nextInt(500_000))).keepRemote();
        try (var stream = open(CallOptions.NONE.withRecvTimeout(soon))) {
            stream.send("e");
            for (int i = 0; i < 10; i++) {
                try {
                    assertThat(stream.recv()).isIn("e", null);
                    stream.send("e");
                } catch (RpcException timeout) {
                    assertThat(timeout).isInstanceOfAny(StreamException.class, StatusException.class);
                }
            }
        }
    }

    private void flooded(SplittableRandom random) {
        try (var stream = open(CallOptions.NONE)) {
            stream.send("flood");
            int count = random.nextInt(60);
            for (int i = 0; i < count; i++) {
                assertThat(stream.recv()).hasSize(1000);
            }
        }
    }

    private void inAContext(SplittableRandom random) throws Exception {
        try (CancellableContext context = CallContext.current().cancellable()) {
            var first = context.call(() -> open(CallOptions.NONE));
            var second = context.call(() -> open(CallOptions.NONE));
            first.send("wait");
            second.send("e");
            if (random.nextBoolean()) {
                context.cancel("context");
            }
            second.recv();
        }
    }

    private void ended(String how) {
        try (var stream = open(CallOptions.NONE)) {
            stream.send(how);
            stream.send("late");
            stream.recv();
        }
    }

    /**
     * What comes is not taken until the stream is closed. Streams that nobody reads may stop their senders before the trailer,
     * so the wait for it has a limit.
     */
    private void unread() {
        try (var stream = open(CallOptions.NONE.withTimeout(Duration.ofMillis(200)))) {
            stream.send("some");
            stream.trailer();
        }
    }

    private void maybeCut(SplittableRandom random) {
        try (var stream = open(CallOptions.NONE)) {
            if (random.nextInt(4) == 0) {
                if (random.nextBoolean()) {
                    cut(ConnectionLevels.connectionOf(stream).channel(), random.nextBoolean());
                } else {
                    stream.send("cut");
                }
            }
            stream.send("e");
            stream.recv();
        }
    }

    private static void cut(Channel channel, boolean byReset) {
        if (byReset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    // ---- the server's part ----

    private void handle(BidiStreamingServer<String, String> stream) throws Exception {
        handlers.incrementAndGet();
        try {
            connections.add(ConnectionLevels.connectionOf(stream));
            for (String message : stream) {
                switch (message) {
                    case "discard" -> {
                        // what it is for
                    }
                    case "wait" -> new CountDownLatch(1).await();
                    case "fail" -> throw new RpcException("as told");
                    case "biz" -> throw new BizStatusException(7, "as told", Map.of("k", "v"));
                    case "some" -> {
                        for (int i = 0; i < 5; i++) {
                            stream.send("x".repeat(1000));
                        }
                        return;
                    }
                    case "flood" -> {
                        while (true) {
                            stream.send("x".repeat(1000));
                        }
                    }
                    case "cut" -> cut(ConnectionLevels.connectionOf(stream).channel(), false);
                    default -> stream.send(message);
                }
            }
        } finally {
            handlers.decrementAndGet();
        }
    }

    // ---- afterwards ----

    private void assertNothingIsLeft(long seed) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (handlers.get() > 0 && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(handlers).as("handlers still running, seed %s", seed).hasValue(0);
        for (StreamConnection connection : connections) {
            ConnectionLevels levels = ConnectionLevels.of(connection);
            while (!levels.equals(ConnectionLevels.ZERO) && System.nanoTime() < until) {
                levels = ConnectionLevels.of(connection);
            }
            assertThat(levels)
                    .as("%s after %s calls, seed %s", connection.channel(), calls, seed)
                    .isEqualTo(ConnectionLevels.ZERO);
        }
        while (!streams.isEmpty() && System.nanoTime() < until) {
            System.gc();
            for (var gone = collected.remove(100); gone != null; gone = collected.poll()) {
                streams.remove(gone);
            }
        }
        assertThat(streams)
                .as("streams that something still holds, of %s, seed %s", calls, seed)
                .isEmpty();
    }
}
