package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.client.ConnectionMode;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.thrift.UnaryResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Unary calls, among streams and alone: they are calls, whatever they travel on. */
class UnaryCallsTest extends OnEveryTransport {
    private static final MethodDescriptor<String, String> MISSING =
            MethodDescriptor.unary("EchoService", "Nothing", EchoService.TEXT, UnaryResult.of(EchoService.TEXT));

    private static ServiceDefinition saying(ServiceDefinition.UnaryHandler<String, String> say) {
        return EchoService.with(stream -> {}, say);
    }

    private static String say(Client client, String text) {
        return client.call(EchoService.SAY, text, CallOptions.NONE);
    }

    // ---- outcomes ----

    @Test
    void aFailureOfTheHandlerIsToldAndTheNextCallGoesWell() {
        Client client = ends.connect(ends.serve(saying(request -> {
            if (request.equals("fail")) {
                throw new IllegalStateException("boom");
            }
            return request;
        })));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> say(client, "fail")).satisfies(errors().unaryHandlerFailed("boom"));
            assertThat(say(client, "fine")).isEqualTo("fine");
        }
    }

    @Test
    void anUnknownMethodIsAnswered() {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        assertThatThrownBy(() -> client.call(MISSING, "m", CallOptions.NONE))
                .satisfies(errors().unaryUnknownMethod("EchoService", "Nothing"));
        assertThat(say(client, "fine")).isEqualTo("fine");
    }

    @Test
    void aFailureOfAMiddlewareIsToldAndTheHandlerDoesNotRun() {
        Client client = ends.connect(ends.serve(
                saying(request -> {
                    throw new AssertionError("handled");
                }),
                builder -> builder.unaryMiddleware(next -> (call, request) -> {
                    throw new IllegalStateException("not today");
                })));
        assertThatThrownBy(() -> say(client, "m")).satisfies(errors().unaryMiddlewareFailed("not today"));
    }

    @Test
    void interruptOfAWaitingCallerEndsTheCallOnBothSides() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(saying(request -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
            return request;
        })));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread caller = Thread.startVirtualThread(() -> failure.complete(catchThrowable(() -> say(client, "m"))));
        running.await();
        caller.interrupt();

        assertThat(failure.get(20, TimeUnit.SECONDS))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("interrupted");
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aBrokenConnectionFailsTheCallAndTheNextConnectsAnew() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Relay relay = ends.add(Relay.to(ends.serve(saying(request -> {
                    if (request.equals("wait")) {
                        running.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.complete(true);
                        }
                    }
                    return request;
                }))
                .port()));
        Client client = ends.connect(relay.port(), builder -> {});
        CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> say(client, "wait")), Thread::startVirtualThread);
        running.await();
        relay.cut();

        assertThat(failure.get(20, TimeUnit.SECONDS))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("connection");
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(say(client, "again")).isEqualTo("again");
    }

    // ---- what is set for streams leaves them alone ----

    @Test
    void limitsOfStreamsAreNotThoseOfCalls() {
        Duration shorter = Duration.ofMillis(50);
        Server server = ends.serve(
                saying(request -> {
                    new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS);
                    return request;
                }),
                builder ->
                        builder.recvTimeout(shorter).streamIdleTimeout(shorter).streamTimeout(shorter));
        Client client = ends.connect(server, builder -> builder.recvTimeout(RecvTimeout.of(shorter)));
        assertThat(say(client, "m")).isEqualTo("m");
    }

    @Test
    void middlewareOfStreamsAndTheirMessagesDoesNotSeeCalls() {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.streamMiddleware(next -> (call, stream) -> {
                            log.add("server stream");
                            next.handle(call, stream);
                        })
                        .recvMiddleware(next -> stream -> {
                            log.add("server recv");
                            return next.recv(stream);
                        })
                        .sendMiddleware(next -> (stream, message) -> {
                            log.add("server send");
                            next.send(stream, message);
                        }));
        Client client = ends.connect(
                server,
                builder -> builder.streamMiddleware(next -> call -> {
                            log.add("client stream");
                            return next.open(call);
                        })
                        .recvMiddleware(next -> stream -> {
                            log.add("client recv");
                            return next.recv(stream);
                        })
                        .sendMiddleware(next -> (stream, message) -> {
                            log.add("client send");
                            next.send(stream, message);
                        }));
        assertThat(say(client, "m")).isEqualTo("m");
        assertThat(log).isEmpty();
    }

    @Test
    void hooksAreToldOnlyWhereCallsAreOpenedAsStreamsAre() {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.openedHook((call, ints, entries) -> log.add("opened " + call.method())));
        Client client = ends.connect(
                server, builder -> builder.openingHook((call, entries) -> log.add("opening " + call.method())));
        assertThat(say(client, "m")).isEqualTo("m");
        assertThat(log)
                .isEqualTo(transport.callsAreOpenedAsStreams() ? List.of("opening Say", "opened Say") : List.of());
    }

    // ---- connections ----

    @Test
    void onShortConnectionsEachCallHasItsOwn() throws Exception {
        Relay relay = ends.add(Relay.to(ends.serve(EchoService.echo()).port()));
        Client client = ends.connect(relay.port(), builder -> builder.connectionMode(ConnectionMode.SHORT));
        for (int i = 1; i <= 2; i++) {
            assertThat(say(client, "m")).isEqualTo("m");
            relay.awaitClosed(i);
            assertThat(relay.accepted()).isEqualTo(i);
        }
    }

    @Test
    void aConnectionThatNoCallUsesIsClosed() throws Exception {
        Relay relay = ends.add(Relay.to(ends.serve(EchoService.echo()).port()));
        Client client = ends.connect(relay.port(), builder -> builder.idleTimeout(Duration.ofMillis(100)));
        assertThat(say(client, "m")).isEqualTo("m");
        relay.awaitClosed(1);
        assertThat(say(client, "again")).isEqualTo("again");
    }

    @Test
    void manyCallsAtOnceAreAllAnswered() throws Exception {
        int count = 500;
        Client client = ends.connect(ends.serve(saying(request -> {
            Thread.yield();
            return request + "!";
        })));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String request = "m" + i;
                results.add(threads.submit(() -> say(client, request)));
            }
            for (int i = 0; i < count; i++) {
                assertThat(results.get(i).get(40, TimeUnit.SECONDS)).isEqualTo("m" + i + "!");
            }
        }
    }
}
