package io.streamx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.ServerStreamingClient;
import io.streamx.Transport;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that fail, on real connections of both transports. */
@ParameterizedClass(name = "{0}")
@EnumSource(Transport.class)
@Timeout(120)
class ResilienceTest extends CallsOnBothTransports {
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
