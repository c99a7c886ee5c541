package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One stream used from several threads. */
class ThreadsTest extends OnEveryTransport {
    private static final int SENDERS = 8;
    private static final int EACH = 500;

    @Test
    void messagesOfSeveralSendersArriveWholeAndThoseOfOneInOrder() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        try (var stream = EchoService.bidi(client);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> senders = new ArrayList<>();
            for (int s = 0; s < SENDERS; s++) {
                String sender = "sender " + s;
                senders.add(threads.submit(() -> {
                    for (int i = 0; i < EACH; i++) {
                        stream.send(sender + ":" + i + ":" + "x".repeat(i % 100));
                    }
                }));
            }
            Map<String, Integer> next = new HashMap<>();
            for (int i = 0; i < SENDERS * EACH; i++) {
                String[] parts = String.valueOf(stream.recv()).split(":", -1);
                int number = Integer.parseInt(parts[1]);
                assertThat(number).isEqualTo(next.getOrDefault(parts[0], 0));
                assertThat(parts[2]).hasSize(number % 100);
                next.put(parts[0], number + 1);
            }
            for (Future<?> sender : senders) {
                sender.get(20, TimeUnit.SECONDS);
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void aHandlerMaySendFromSeveralThreads() {
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int s = 0; s < SENDERS; s++) {
                    threads.submit(() -> {
                        for (int i = 0; i < EACH; i++) {
                            stream.send("m");
                        }
                    });
                }
            }
        })));
        try (var stream = EchoService.bidi(client)) {
            List<String> received = new ArrayList<>();
            stream.forEach(received::add);
            assertThat(received).hasSize(SENDERS * EACH).containsOnly("m");
        }
    }

    @Test
    void headerAndTrailerMayBeAwaitedOnOtherThreadsThanMessages() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            go.await();
            stream.sendHeader(Map.of("h", "1"));
            stream.setTrailer(Map.of("t", "2"));
            stream.send(String.valueOf(stream.recv()));
        })));
        try (var stream = EchoService.bidi(client)) {
            CompletableFuture<Map<String, String>> header =
                    CompletableFuture.supplyAsync(stream::header, Thread::startVirtualThread);
            CompletableFuture<Map<String, String>> again =
                    CompletableFuture.supplyAsync(stream::header, Thread::startVirtualThread);
            CompletableFuture<Map<String, String>> trailer =
                    CompletableFuture.supplyAsync(stream::trailer, Thread::startVirtualThread);
            CompletableFuture<String> message = CompletableFuture.supplyAsync(stream::recv, Thread::startVirtualThread);
            go.countDown();

            assertThat(header.get(20, TimeUnit.SECONDS)).containsOnly(Map.entry("h", "1"));
            assertThat(again.get(20, TimeUnit.SECONDS)).containsOnly(Map.entry("h", "1"));
            assertThat(trailer.isDone()).isFalse();
            stream.send("m");
            assertThat(message.get(20, TimeUnit.SECONDS)).isEqualTo("m");
            assertThat(trailer.get(20, TimeUnit.SECONDS)).containsOnly(Map.entry("t", "2"));
        }
    }

    @Test
    void aSecondReceiverIsRefusedAndTheFirstGoesOn() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            go.await();
            stream.send("m");
        })));
        try (var stream = EchoService.bidi(client)) {
            CompletableFuture<String> message = new CompletableFuture<>();
            Thread first = Thread.startVirtualThread(() -> message.complete(stream.recv()));
            while (first.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(stream::recv)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("recv is already running on another thread");
            go.countDown();
            assertThat(message.get(20, TimeUnit.SECONDS)).isEqualTo("m");
        }
    }
}
