package io.streamx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.Transport;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Breakers that open, and calls beyond a limit, on real connections of both transports. */
@ParameterizedClass(name = "{0}")
@EnumSource(Transport.class)
@Timeout(120)
class BreakersAndLimitsTest extends CallsOnBothTransports {
    // ---- breakers ----

    @Test
    void aBreakerOpensWhenTooManyCallsFailAndClosesWhenTheyGoWellAgain() {
        Server server = serve(unary(request -> {
            calls.incrementAndGet();
            if (request.equals("fail")) {
                throw new IllegalStateException("handler failed");
            }
            return request;
        }));
        Resilience resilience = Resilience.of(Policies.NONE.withBreaker(
                "*", new BreakerPolicy(0.5, 4, Duration.ofSeconds(10), Duration.ofSeconds(2))));
        Client client = connect(resilience, server);
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> say(client, "fail")).hasMessageContaining("handler failed");
        }
        assertThatThrownBy(() -> say(client, "m"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("EchoService.Say was not called: its circuit breaker is OPEN, 100 % of 4 calls failed");
        assertThat(calls).hasValue(4);
        String answer = null;
        while (answer == null) {
            try {
                answer = say(client, "m");
            } catch (RefusedException stillOpen) {
                Thread.onSpinWait();
            }
        }
        assertThat(answer).isEqualTo("m");
    }

    @Test
    void aServerStreamThatMayBeOpenedAgainTellsOfALeavingServerToo() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Server server = Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .shutdownWindow(Duration.ofSeconds(30))
                .service(EchoService.with(
                        stream -> {},
                        stream -> {},
                        (request, stream) -> {
                            stream.send("first");
                            mayEnd.await();
                        },
                        request -> request))
                .start();
        open.add(server);
        Client client = connect(Resilience.of(retry(RetryPolicy.idempotent(3))), server);
        try (ServerStreamingClient<String> stream =
                client.serverStreaming(EchoService.PRODUCE, "1", CallOptions.NONE)) {
            CountDownLatch told = new CountDownLatch(1);
            CountDownLatch toldTheForgotten = new CountDownLatch(1);
            stream.onDraining(toldTheForgotten::countDown).close();
            var registration = stream.onDraining(told::countDown);
            assertThat(stream.recv()).isEqualTo("first");
            Thread closing = Thread.ofVirtual().start(server::close);
            assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(toldTheForgotten.getCount()).isOne();
            mayEnd.countDown();
            assertThat(stream.recv()).isNull();
            closing.join();
            registration.close();
        }
    }

    @Test
    void aStreamCountsOnceAndACallersCancelIsNoFailure() {
        Server server = serve(EchoService.bidi(stream -> {
            String first = stream.recv();
            if ("fail".equals(first)) {
                stream.send("one");
                stream.send("two");
                throw new IllegalStateException("handler failed");
            }
            stream.send(first);
            stream.recv();
        }));
        Resilience resilience = Resilience.of(Policies.NONE.withBreaker(
                "Bidi", new BreakerPolicy(0.5, 3, Duration.ofSeconds(60), Duration.ofHours(1))));
        Client client = connect(resilience, server);
        for (int i = 0; i < 20; i++) {
            try (var stream = EchoService.bidi(client)) {
                stream.send("m");
                assertThat(stream.recv()).isEqualTo("m");
                stream.cancel("user left");
            }
        }
        for (int i = 0; i < 3; i++) {
            try (var stream = EchoService.bidi(client)) {
                stream.send("fail");
                assertThat(stream.recv()).isEqualTo("one");
                assertThat(stream.recv()).isEqualTo("two");
                assertThatThrownBy(stream::recv).hasMessageContaining("handler failed");
            }
        }
        assertThatThrownBy(() -> EchoService.bidi(client))
                .isInstanceOf(RefusedException.class)
                .hasMessage("EchoService.Bidi was not called: its circuit breaker is OPEN, 100 % of 3 calls failed");
    }

    @Test
    void anInstanceWhoseCallsFailIsLeftOutWhileOthersAnswer() {
        Server bad = serve(unary(request -> {
            calls.incrementAndGet();
            throw new IllegalStateException("handler failed");
        }));
        Server good = serve(unary(request -> request));
        Resilience resilience = Resilience.of(
                Policies.NONE.withBreaker("*", new BreakerPolicy(0.9, 5, Duration.ofSeconds(60), Duration.ofHours(1))));
        Client client = builder(bad, good)
                .balancer(resilience.balancer(Balancer.leastActive()))
                .build();
        open.add(client);
        int failed = 0;
        for (int i = 0; i < 200; i++) {
            failed += catchThrowable(() -> say(client, "m")) == null ? 0 : 1;
        }
        assertThat(failed).isEqualTo(5);
        assertThat(calls).hasValue(5);
    }

    // ---- limits ----

    @Test
    void aServerAnswersWhatIsOverItsLimitAndGoesOn() throws Exception {
        Semaphore running = new Semaphore(0);
        CountDownLatch finish = new CountDownLatch(1);
        Resilience limited = Resilience.of(Policies.NONE.withLimit(new LimitPolicy(1, 0)));
        Server server = serve(
                unary(request -> {
                    running.release();
                    if (request.equals("long")) {
                        finish.await();
                    }
                    return request;
                }),
                limited);
        Client client = builder(server).build();
        open.add(client);
        CompletableFuture<String> first = client.callAsync(EchoService.SAY, "long", CallOptions.NONE);
        running.acquire();
        assertThatThrownBy(() -> say(client, "m"))
                .hasMessageContaining("EchoService.Say was refused: 1 calls run at once, the server's limit")
                .satisfies(failure -> assertThat(FailureKind.of(failure)).isEqualTo(FailureKind.OVERLOADED));
        assertThatThrownBy(() -> {
                    try (var stream = EchoService.bidi(client)) {
                        stream.recv();
                    }
                })
                .hasMessageContaining("EchoService.Bidi was refused: 1 calls run at once");
        finish.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("long");
        String answer = null;
        while (answer == null) {
            try {
                answer = say(client, "m");
            } catch (RpcException theFirstIsLeaving) {
                assertThat(theFirstIsLeaving).hasMessageContaining("was refused");
            }
        }
        limited.override(Policies.NONE.withLimit(new LimitPolicy(0, 3)));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        say(client, "m");
                    }
                })
                .hasMessageContaining("3 calls began in this second");
    }

    @Test
    void aClientRefusesWhatIsOverItsLimitAndAStreamCountsUntilItsEnd() throws Exception {
        Server server = serve(EchoService.echo());
        Client client = connect(Resilience.of(Policies.NONE.withLimit(new LimitPolicy(1, 0))), server);
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(() -> say(client, "m"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("EchoService.Say was not called: 1 calls run at once, the limit of this client");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(say(client, "m")).isEqualTo("m");
    }

    @Test
    void aStreamWhoseRequestCannotBeSentGivesItsPlaceBackOnce() throws Exception {
        Server server = serve(EchoService.echo());
        Client client = builder(server)
                .install(Resilience.of(Policies.NONE.withLimit(new LimitPolicy(1, 0))))
                .sendMiddleware(next -> (stream, message) -> {
                    if (message.equals("unsendable")) {
                        throw new IllegalStateException("as told");
                    }
                    next.send(stream, message);
                })
                .build();
        open.add(client);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> client.serverStreaming(EchoService.PRODUCE, "unsendable", CallOptions.NONE))
                    .hasMessage("as told");
        }
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(() -> say(client, "m")).isInstanceOf(RefusedException.class);
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }
}
