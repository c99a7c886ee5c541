package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.BidiStreamingClient;
import io.streamx.SendingStream;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Memory is bounded on both sides however much is sent, and nobody who reads has to wait for those who do not. */
class BackPressureTest extends OnEveryTransport {
    private static final String MESSAGE = "x".repeat(100_000);
    /** 100 MB, far more than all buffers on the way together. */
    private static final int TOTAL = 1000;

    /** Sends all there is on a thread of its own, which waits when nothing more is taken. */
    private static final class Sender {
        private final AtomicInteger sent = new AtomicInteger();
        private final Thread thread;

        Sender(SendingStream<String> stream, Runnable atEnd) {
            thread = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < TOTAL; i++) {
                    stream.send(MESSAGE);
                    sent.incrementAndGet();
                }
                atEnd.run();
            });
        }

        void awaitBlocked() {
            while (sent.get() == 0 || !isWaiting()) {
                assertThat(thread.isAlive()).as("sender is done after %s", sent).isTrue();
                Thread.onSpinWait();
            }
            assertThat(sent.get()).isLessThan(TOTAL);
        }

        /** A handler's send waits with a limit, a caller's without. */
        private boolean isWaiting() {
            return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
        }
    }

    @Test
    void senderWaitsForAReceiverThatDoesNotRead() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            read.await();
            int count = 0;
            while (stream.recv() != null) {
                count++;
            }
            stream.send("got " + count);
        })));
        try (var stream = EchoService.bidi(client)) {
            Sender sender = new Sender(stream, stream::closeSend);
            sender.awaitBlocked();

            read.countDown();
            assertThat(stream.recv()).isEqualTo("got " + TOTAL);
        }
    }

    @Test
    void handlerThatSendsWaitsForACallerThatDoesNotRead() throws Exception {
        CompletableFuture<Sender> sender = new CompletableFuture<>();
        CountDownLatch done = new CountDownLatch(1);
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            sender.complete(new Sender(stream, done::countDown));
            done.await();
        })));
        try (var stream = EchoService.bidi(client)) {
            sender.get(20, TimeUnit.SECONDS).awaitBlocked();

            for (int i = 0; i < TOTAL; i++) {
                assertThat(stream.recv()).hasSize(MESSAGE.length());
            }
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void twoStreamsOfOneConnectionThatWaitForEachOtherFinish() throws Exception {
        // The handler of the first stream reads nothing until that of the second has read all.
        CompletableFuture<Void> secondIsRead = new CompletableFuture<>();
        Server server = ends.serve(EchoService.bidi(stream -> {
            if ("first".equals(stream.recv())) {
                secondIsRead.get(40, TimeUnit.SECONDS);
            }
            int count = 0;
            while (stream.recv() != null) {
                count++;
            }
            secondIsRead.complete(null);
            stream.send("got " + count);
        }));
        Client client = ends.connect(server);
        try (var first = EchoService.bidi(client);
                var second = EchoService.bidi(client)) {
            first.send("first");
            second.send("second");
            int some = 20; // 2 MB each: more than one stream may hold, less than the connection
            for (int i = 0; i < 2; i++) {
                first.send("more");
            }
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < some; i++) {
                            first.send(MESSAGE);
                        }
                        first.closeSend();
                    },
                    Thread::startVirtualThread);
            for (int i = 0; i < some; i++) {
                second.send(MESSAGE);
            }
            second.closeSend();
            assertThat(second.recv()).isEqualTo("got " + some);
            sending.get(20, TimeUnit.SECONDS);
            assertThat(first.recv()).isEqualTo("got " + (some + 2));
        }
    }

    @Test
    void unreadMessagesOfEndedStreamsDoNotHoldTheConnection() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> {
            if ("fill".equals(stream.recv())) {
                for (int i = 0; i < 3; i++) {
                    stream.send("x".repeat(2 << 10));
                }
            } else {
                stream.send("fine");
            }
        }));
        Client client = ends.connect(
                server, builder -> builder.buffers(4 << 10, 8 << 10).stallTimeout(Duration.ofMillis(100)));
        List<BidiStreamingClient<String, String>> forgotten = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            var stream = EchoService.bidi(client);
            stream.send("fill");
            forgotten.add(stream);
        }
        try (var waiting = EchoService.bidi(client)) {
            waiting.send("ask");
            assertThat(waiting.recv()).isEqualTo("fine");
        }
        forgotten.forEach(BidiStreamingClient::close);
        try (var next = EchoService.bidi(client)) {
            next.send("ask");
            assertThat(next.recv()).isEqualTo("fine");
        }
    }

    @Test
    void aThousandStreamsShareOneConnection() throws Exception {
        int count = 1000;
        Client client = ends.connect(ends.serve(EchoService.echo()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> streams = new ArrayList<>();
            CountDownLatch allOpen = new CountDownLatch(count);
            for (int s = 0; s < count; s++) {
                String name = "stream " + s;
                streams.add(threads.submit(() -> {
                    try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                        stream.send(name);
                        assertThat(stream.recv()).isEqualTo(name);
                        allOpen.countDown();
                        allOpen.await();
                        for (int i = 0; i < 10; i++) {
                            stream.send(name + i);
                            assertThat(stream.recv()).isEqualTo(name + i);
                        }
                        stream.closeSend();
                        assertThat(stream.recv()).isNull();
                    }
                    return null;
                }));
            }
            for (Future<?> stream : streams) {
                stream.get(40, TimeUnit.SECONDS);
            }
        }
    }
}
