package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On TTHeader Streaming, between Java peers: senders that send as fast as they can towards readers that take next to nothing, on many connections: memory stays
 * bounded, calls beside them go on, and cancels are seen. How long is set by {@code -Dstreamx.firehoseSeconds}, and is
 * meant to be run in a small heap too: docs/reliability.md has the commands.
 */
@Timeout(900)
class FirehoseTest {
    private static final int SECONDS = Integer.getInteger("streamx.firehoseSeconds", 2);
    private static final String MESSAGE = "x".repeat(10_000);

    private final OpenEnds ends = new OpenEnds();
    /** What ended calls, but for what ends them at the end of a test. */
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    private final AtomicInteger cancelsSeen = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private void handle(BidiStreamingServer<String, String> stream) throws Exception {
        String order = String.valueOf(stream.recv());
        switch (order) {
            case "flood" -> {
                while (true) {
                    stream.send(MESSAGE);
                }
            }
            case "never read" -> await(CallContext.current());
            case "read one a second" -> {
                while (!over.await(1, TimeUnit.SECONDS)) {
                    if (stream.recv() == null) {
                        return;
                    }
                }
            }
            default -> {
                stream.send(order);
                for (String message : stream) {
                    stream.send(message);
                }
            }
        }
    }

    /** Until the call is cancelled, and says so. */
    private void await(CallContext context) throws InterruptedException {
        try (CallContext.Registration end = context.onCancel(cancelsSeen::incrementAndGet)) {
            new CountDownLatch(1).await();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, up, never read",
        "1, 200, up, never read",
        "10, 20, up, read one a second",
        "1, 200, down, never read",
        "10, 20, down, read one a second"
    })
    void harmsNothingBesideIt(int connections, int streams, String direction, String reader) throws Exception {
        Server server = ends.serve(EchoService.bidi(this::handle));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            clients.add(ends.connect(server));
        }
        double alone = roundTrips(clients.getFirst(), Duration.ofMillis(500));
        List<Thread> threads = new ArrayList<>();
        CountDownLatch opened = new CountDownLatch(connections * streams);
        for (Client client : clients) {
            for (int i = 0; i < streams; i++) {
                threads.add(Thread.startVirtualThread(() -> flood(client, direction, reader, opened)));
            }
        }
        opened.await();
        double beside = roundTrips(clients.getFirst(), Duration.ofSeconds(SECONDS));
        long cancelMicros = timeToSeeACancel(clients.getLast());
        long heap = usedHeap();
        System.out.printf(
                "FIREHOSE %d x %d %s, %s: %.0f round trips a second alone, %.0f beside; a cancel seen after %d us;"
                        + " heap %d MiB, direct %d MiB%n",
                connections, streams, direction, reader, alone, beside, cancelMicros, heap, usedDirect());

        over.countDown();
        clients.forEach(Client::close);
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(60));
        }
        assertThat(failures).isEmpty();
        assertThat(beside).isPositive();
    }

    private void flood(Client client, String direction, String reader, CountDownLatch opened) {
        boolean counted = false;
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            if ("up".equals(direction)) {
                stream.send(reader);
                opened.countDown();
                counted = true;
                while (over.getCount() > 0) {
                    stream.send(MESSAGE);
                }
            } else {
                stream.send("flood");
                stream.recv();
                opened.countDown();
                counted = true;
                if ("never read".equals(reader)) {
                    over.await();
                } else {
                    while (!over.await(1, TimeUnit.SECONDS)) {
                        stream.recv();
                    }
                }
            }
        } catch (RpcException | InterruptedException | IllegalStateException e) {
            // A stream that holds up its connection may be ended for it, where the peers know no credit of its own.
            if (over.getCount() > 0 && !String.valueOf(e.getMessage()).contains("unread bytes")) {
                failures.add(e.toString());
            }
        } finally {
            if (!counted) {
                opened.countDown();
            }
        }
    }

    private static double roundTrips(Client client, Duration time) {
        long began = System.nanoTime();
        int count = 0;
        try (var stream = EchoService.bidi(client)) {
            do {
                stream.send("ask");
                assertThat(stream.recv()).isEqualTo("ask");
                count++;
            } while (System.nanoTime() - began < time.toNanos());
        }
        return 1e9 * count / (System.nanoTime() - began);
    }

    /** Of a stream beside the others that is not read either. */
    private long timeToSeeACancel(Client client) throws Exception {
        var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
        stream.send("never read");
        CompletableFuture<Void> full = CompletableFuture.runAsync(
                () -> {
                    try {
                        for (int i = 0; i < 1000; i++) {
                            stream.send(MESSAGE);
                        }
                    } catch (RpcException cancelled) {
                        // As is meant.
                    }
                },
                Thread::startVirtualThread);
        try {
            full.get(300, TimeUnit.MILLISECONDS);
        } catch (TimeoutException waits) {
            // As is meant: its sender waits for a reader.
        }
        int before = cancelsSeen.get();
        long began = System.nanoTime();
        stream.cancel("enough");
        while (cancelsSeen.get() == before && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(20)) {
            Thread.onSpinWait();
        }
        assertThat(cancelsSeen.get()).isGreaterThan(before);
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began);
    }

    private static long usedHeap() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
    }

    private static long usedDirect() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> "direct".equals(pool.getName()))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum()
                >> 20;
    }
}
