package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server that stops while calls run. */
class ServerShutdownTest extends OnEveryTransport {
    private static final Duration LONG = Duration.ofSeconds(50);

    @Test
    void clientConnectsAnewAfterItsServerWasRestarted() {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(server);
        try (var stream = EchoService.bidi(client)) {
            stream.send("before");
            assertThat(stream.recv()).isEqualTo("before");
            server.close();
            assertThatThrownBy(stream::recv).satisfies(errors().serverStopped());
        }
        ends.serveAgain(server, EchoService.echo());
        try (var stream = EchoService.bidi(client)) {
            stream.send("after");
            assertThat(stream.recv()).isEqualTo("after");
        }
    }

    @Test
    void closingServerLetsStreamsFinish() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        Server server = ends.serve(EchoService.echo(), builder -> builder.shutdownWindow(LONG));
        Client client = ends.connect(server);
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            Thread closer = Thread.startVirtualThread(() -> {
                closing.countDown();
                server.close();
            });
            closing.await();
            stream.send("two");
            assertThat(stream.recv()).isEqualTo("two");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
            closer.join();
        }
    }

    @Test
    void closingServerLetsUnaryCallsFinish() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Server server = ends.serve(
                EchoService.with(stream -> {}, request -> {
                    running.countDown();
                    release.await();
                    return request;
                }),
                builder -> builder.shutdownWindow(LONG));
        Client client = ends.connect(server);
        CompletableFuture<String> result = client.callAsync(EchoService.SAY, "m", CallOptions.NONE);
        running.await();
        Thread closer = Thread.startVirtualThread(server::close);
        release.countDown();

        assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo("m");
        closer.join();
    }

    @Test
    void closingServerCancelsWhatDoesNotFinish() throws Exception {
        WaitingHandler handler = new WaitingHandler();
        Server server = ends.serve(EchoService.bidi(handler::waitForMessages));
        Client client = ends.connect(server);
        try (var stream = EchoService.bidi(client)) {
            handler.started.await();
            server.close();
            assertThatThrownBy(stream::recv).satisfies(errors().serverStopped());
        }
        assertThat(handler.failure()).satisfies(errors().ownServerStopped());
    }

    @Test
    void everyCallMadeWhileServersComeAndGoHasAnOutcome() throws Exception {
        Server[] server = {ends.serve(EchoService.echo())};
        int port = server[0].port();
        Client client = ends.connect(port, builder -> builder.connections(2).connectionWait(Duration.ofSeconds(20)));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger went = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean unary = i % 2 == 0;
                callers.add(threads.submit(() -> {
                    while (!over.get()) {
                        try {
                            callOnce(client, unary);
                            went.incrementAndGet();
                        } catch (RpcException serverIsAway) {
                            assertThat(serverIsAway).isNotInstanceOf(RpcTimeoutException.class);
                        }
                    }
                }));
            }
            for (int i = 0; i < 5; i++) {
                int before = went.get();
                while (went.get() < before + 50) {
                    Thread.onSpinWait();
                }
                server[0].close();
                server[0] = ends.serve(EchoService.echo(), builder -> builder.port(port));
            }
            over.set(true);
            for (Future<?> caller : callers) {
                caller.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static void callOnce(Client client, boolean unary) {
        if (unary) {
            assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        } else {
            try (var stream = EchoService.bidi(client)) {
                stream.send("m");
                assertThat(stream.recv()).isEqualTo("m");
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
        }
    }

    @Test
    void aServerThatMayTakeForEverClosesWhenNothingRuns() {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.shutdownWindow(ChronoUnit.FOREVER.getDuration())
                        .idleTimeout(ChronoUnit.FOREVER.getDuration())
                        .readTimeout(ChronoUnit.FOREVER.getDuration()));
        try (Client client = ends.connect(server, builder -> builder.connectTimeout(ChronoUnit.FOREVER.getDuration()));
                var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
        }
        server.close();
        assertThat(ends.serve(EchoService.echo(), builder -> builder.port(server.port())))
                .isNotNull();
    }
}
