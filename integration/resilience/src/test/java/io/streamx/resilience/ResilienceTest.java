package io.streamx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.ServerStreamingClient;
import io.streamx.Transport;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that fail, on real connections of both transports. */
@ParameterizedClass(name = "{0}")
@EnumSource(Transport.class)
@Timeout(120)
class ResilienceTest {
    @Parameter
    Transport transport;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Server serve(ServiceDefinition service, Resilience... installed) {
        Server.Builder builder = Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .shutdownWindow(Duration.ofMillis(200))
                .service(service);
        for (Resilience one : installed) {
            builder.install(one);
        }
        Server server = builder.start();
        open.add(server);
        return server;
    }

    private Client.Builder builder(Server... servers) {
        Client.Builder builder = Client.builder("a.b.c").transport(transport);
        if (transport == Transport.TTHEADER) {
            builder.pingPong(PingPong.TTHEADER);
        }
        for (Server server : servers) {
            builder.address("127.0.0.1:" + server.port());
        }
        return builder;
    }

    private Client connect(Resilience resilience, Server... servers) {
        Client client = builder(servers).install(resilience).build();
        open.add(client);
        return client;
    }

    private static String say(Client client, String text) {
        return client.call(EchoService.SAY, text, CallOptions.NONE);
    }

    /** A service whose unary method does that; its streams echo. */
    private static ServiceDefinition unary(ServiceDefinition.UnaryHandler<String, String> handler) {
        return EchoService.with(
                stream -> {
                    for (String message : stream) {
                        stream.send(message);
                    }
                },
                handler);
    }

    private static Policies retry(RetryPolicy policy) {
        return Policies.NONE.withRetry(Policies.ALL, policy);
    }

    // ---- retry ----

    @Test
    void aMethodThatMayRunTwiceIsCalledAgainAfterATimeout() {
        CountDownLatch never = new CountDownLatch(1);
        Server server = serve(unary(request -> {
            if (calls.incrementAndGet() < 2) {
                never.await();
            }
            return request;
        }));
        Client client = connect(
                Resilience.of(retry(RetryPolicy.idempotent(2)).withTimeout("Say", Duration.ofSeconds(3))), server);
        assertThat(say(client, "m")).isEqualTo("m");
        assertThat(calls).hasValue(2);

        calls.set(-10);
        assertThatThrownBy(() -> say(client, "m")).isInstanceOf(RpcException.class);
        assertThat(calls).hasValue(-8);
    }

    @Test
    void whatTheServerHasRunIsNotCalledAgainUnlessThePolicySaysSo() {
        Server server = serve(unary(request -> {
            calls.incrementAndGet();
            if (request.equals("business")) {
                throw new BizStatusException(7, "no");
            }
            throw new IllegalStateException("handler failed");
        }));
        Client client = connect(Resilience.of(retry(RetryPolicy.idempotent(5))), server);
        assertThatThrownBy(() -> say(client, "m")).hasMessageContaining("handler failed");
        assertThat(calls).hasValue(1);

        RetryPolicy everything = new RetryPolicy(
                3, Duration.ZERO, BackOff.fixed(Duration.ofMillis(1)), Set.of(FailureKind.APPLICATION), 1);
        Client other = connect(Resilience.of(retry(everything)), server);
        assertThatThrownBy(() -> say(other, "m")).hasMessageContaining("handler failed");
        assertThat(calls).hasValue(4);
        assertThatThrownBy(() -> say(other, "business")).isInstanceOf(BizStatusException.class);
        assertThat(calls).hasValue(5);
    }

    @Test
    void aBudgetKeepsRetriesFromMultiplyingTheLoad() {
        Server server = serve(unary(request -> {
            calls.incrementAndGet();
            throw new IllegalStateException("handler failed");
        }));
        RetryPolicy policy = new RetryPolicy(5, Duration.ZERO, BackOff.NONE, Set.of(FailureKind.APPLICATION), 0.1);
        Client client = connect(Resilience.of(retry(policy)), server);
        for (int i = 0; i < 200; i++) {
            assertThat(catchThrowable(() -> say(client, "m"))).isInstanceOf(RpcException.class);
        }
        // Ten are free, and a tenth of what was called in the last ten seconds; more seconds make it a little more.
        assertThat(calls.get()).isBetween(210, 200 + 4 * 30);
    }

    @Test
    void aServerStreamIsOpenedAgainUntilItsFirstMessageHasCome() {
        ServiceDefinition service = EchoService.with(
                stream -> {},
                stream -> {},
                (request, stream) -> {
                    int call = calls.incrementAndGet();
                    if (call < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    stream.send("first");
                    throw new IllegalStateException("after the first");
                },
                request -> request);
        RetryPolicy policy = new RetryPolicy(
                5, Duration.ZERO, BackOff.fixed(Duration.ofMillis(1)), Set.of(FailureKind.APPLICATION), 1);
        Client client = connect(Resilience.of(Policies.NONE.withRetry("Produce", policy)), serve(service));
        try (ServerStreamingClient<String> stream =
                client.serverStreaming(EchoService.PRODUCE, "1", CallOptions.NONE)) {
            assertThat(stream.recv()).isEqualTo("first");
            assertThatThrownBy(stream::recv).hasMessageContaining("after the first");
        }
        assertThat(calls).hasValue(3);
    }

    // ---- backup ----

    @Test
    void aSecondCallGoesOutWhenTheFirstIsSlowAndTheFirstIsCancelled() throws Exception {
        CompletableFuture<String> interrupted = new CompletableFuture<>();
        Server server = serve(unary(request -> {
            if (calls.incrementAndGet() == 1) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.complete("interrupted");
                    throw e;
                }
            }
            return request;
        }));
        Client client = connect(
                Resilience.of(Policies.NONE.withBackup("Say", BackupPolicy.after(Duration.ofSeconds(1)))), server);
        assertThat(say(client, "m")).isEqualTo("m");
        assertThat(calls).hasValue(2);
        assertThat(interrupted.get(60, TimeUnit.SECONDS)).isEqualTo("interrupted");
        assertThat(say(client, "n")).isEqualTo("n");
        assertThat(calls).hasValue(3);
    }

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

    // ---- fallback, changes ----

    @Test
    void aFallbackAnswersWhatFailedButNoAgreedOutcome() {
        Server server = serve(unary(request -> {
            if (request.equals("business")) {
                throw new BizStatusException(7, "no");
            }
            throw new IllegalStateException("handler failed");
        }));
        Resilience resilience =
                Resilience.of(Policies.NONE).withFallback("Say", (call, request, failure) -> call.method() + " of old");
        Client client = connect(resilience, server);
        assertThat(say(client, "m")).isEqualTo("Say of old");
        assertThatThrownBy(() -> say(client, "business")).isInstanceOf(BizStatusException.class);
    }

    @Test
    void policiesMayChangeWhileAClientRuns() {
        CountDownLatch never = new CountDownLatch(1);
        Server server = serve(unary(request -> {
            if (request.equals("hang")) {
                never.await();
            }
            return request;
        }));
        Policies own = Policies.NONE.withTimeout("*", Duration.ofMinutes(5)).withLimit(new LimitPolicy(100, 0));
        Resilience resilience = Resilience.of(own);
        Client client = connect(resilience, server);
        assertThat(say(client, "m")).isEqualTo("m");
        resilience.override(Policies.NONE.withTimeout("*", Duration.ofMillis(100)));
        assertThat(resilience.effective().timeouts()).isEqualTo(Map.of("*", Duration.ofMillis(100)));
        assertThat(resilience.effective().limit()).isEqualTo(new LimitPolicy(100, 0));
        assertThatThrownBy(() -> say(client, "hang"))
                .satisfies(failure -> assertThat(FailureKind.of(failure)).isEqualTo(FailureKind.TIMEOUT))
                .isInstanceOfAny(RpcTimeoutException.class, RpcException.class);
        resilience.override(Policies.NONE);
        assertThat(resilience.effective()).isEqualTo(own);
    }

    @Test
    void aPartOfTheCallsIsNotMadeWhereThePolicySaysSoAndAFallbackAnswersThem() {
        Resilience resilience = Resilience.of(Policies.NONE.withDegradation(new DegradationPolicy(100)))
                .withFallback("Say", (call, request, failure) -> {
                    assertThat(failure)
                            .isInstanceOf(RefusedException.class)
                            .hasMessageMatching(
                                    "EchoService\\.Say was not called: (100|30) % of the calls are not made, the"
                                            + " degradation policy of this client");
                    return "of old";
                });
        Client client = connect(resilience, serve(EchoService.echo()));
        assertThat(say(client, "m")).isEqualTo("of old");
        assertThatThrownBy(() -> EchoService.bidi(client)).isInstanceOf(RefusedException.class);
        resilience.override(Policies.NONE.withDegradation(new DegradationPolicy(30)));
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            refused += say(client, "m").equals("m") ? 0 : 1;
        }
        // Eight standard deviations.
        assertThat(refused).isBetween(185, 415);
        resilience.override(Policies.NONE.withDegradation(DegradationPolicy.NONE));
        for (int i = 0; i < 20; i++) {
            assertThat(say(client, "m")).isEqualTo("m");
        }
    }

    @Test
    void theConnectTimeoutMayChangeWhileAClientRuns() throws Exception {
        // Its queue of connections is full, so that a further one is never answered.
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> filling = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket();
                open.add(socket);
                filling.add(socket);
                Thread.ofVirtual().start(() -> {
                    try {
                        socket.connect(silent.getLocalSocketAddress(), 60_000);
                    } catch (IOException ended) {
                        // It has done its part.
                    }
                });
            }
            Resilience resilience = Resilience.of(Policies.NONE.withConnectTimeout(Duration.ofMillis(123)));
            Client client = Client.builder("a.b.c")
                    .address("127.0.0.1:" + silent.getLocalPort())
                    .transport(transport)
                    .connectTimeout(Duration.ofMillis(456))
                    .install(resilience)
                    .build();
            open.add(client);
            awaitFailure(client, "no connection within the connect timeout of 123 ms");
            resilience.override(Policies.NONE.withConnectTimeout(Duration.ofMillis(234)));
            awaitFailure(client, "no connection within the connect timeout of 234 ms");
            assertThat(filling).hasSize(8);
        }
    }

    /** A call that is connected before the queue is full fails in another way. */
    private static void awaitFailure(Client client, String expected) {
        String said;
        do {
            said = String.valueOf(catchThrowable(
                    () -> client.call(EchoService.SAY, "m", CallOptions.NONE.withTimeout(Duration.ofSeconds(2)))));
        } while (!said.contains("connect timeout"));
        assertThat(said).contains(expected);
    }

    @Test
    void whatCannotBeConnectedToHasCertainlyNotRun() {
        Client client = Client.builder("a.b.c").address("127.0.0.1:1").build();
        open.add(client);
        Throwable failure = catchThrowable(() -> say(client, "m"));
        assertThat(failure).hasMessageContaining("cannot connect to a.b.c");
        assertThat(FailureKind.of(failure)).isEqualTo(FailureKind.NOT_RUN);
    }

    @Test
    void aServersAnswerThatTheCallersTimeIsOverIsATimeoutOnEveryTransport() {
        Server server = Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .shutdownWindow(Duration.ofMillis(200))
                .unaryTimeout(Duration.ofMillis(100))
                .service(unary(request -> {
                    new CountDownLatch(1).await();
                    return request;
                }))
                .start();
        open.add(server);
        Client client = builder(server).build();
        open.add(client);
        Throwable failure = catchThrowable(() -> say(client, "m"));
        assertThat(failure).isInstanceOf(RpcException.class);
        assertThat(FailureKind.of(failure)).isEqualTo(FailureKind.TIMEOUT);
        assertThat(FailureKind.of(new ApplicationException(
                        ApplicationException.INTERNAL_ERROR,
                        "EchoService.Say took longer than 100 ms, set by the caller")))
                .isEqualTo(FailureKind.APPLICATION);
    }
}
