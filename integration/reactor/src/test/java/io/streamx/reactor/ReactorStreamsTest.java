package io.streamx.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ReactorStreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Server server;
    private Client client;

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private void serve(Transport transport, ServiceDefinition service) {
        server = Server.builder().port(0).service(service).start();
        client = Client.builder("EchoService")
                .address("127.0.0.1:" + server.port())
                .transport(transport)
                .connectTimeout(PATIENCE)
                .build();
    }

    private Flux<String> produce(String count) {
        return ReactorStreams.flux(() -> client.serverStreaming(EchoService.PRODUCE, count, CallOptions.NONE));
    }

    private Flux<String> chat(Flux<String> requests) {
        return ReactorStreams.flux(() -> client.bidiStreaming(EchoService.BIDI, CallOptions.NONE), requests);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void allFourShapesAreFluxAndMono(Transport transport) {
        serve(transport, EchoService.echo());
        StepVerifier.create(produce("3"))
                .expectNext("reply 0", "reply 1", "reply 2")
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(chat(Flux.just("a", "b")))
                .expectNext("a", "b")
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(ReactorStreams.mono(
                        () -> client.clientStreaming(EchoService.COLLECT, CallOptions.NONE),
                        Flux.range(0, 100).map(String::valueOf)))
                .expectNext("got 100")
                .expectComplete()
                .verify(PATIENCE);
        Mono<String> said = ReactorStreams.mono(() -> client.call(EchoService.SAY, "hi", CallOptions.NONE));
        StepVerifier.create(said).expectNext("hi").expectComplete().verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void eachSubscriptionIsACallOfItsOwn(Transport transport) {
        serve(transport, EchoService.echo());
        Flux<String> calls = produce("2");
        StepVerifier.create(calls.concatWith(calls))
                .expectNextCount(4)
                .expectComplete()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aSubscriberThatAsksForLittleSlowsTheHandler(Transport transport) {
        AtomicInteger sent = new AtomicInteger();
        String large = "x".repeat(64 * 1024);
        serve(
                transport,
                EchoService.with(
                        stream -> {},
                        stream -> {},
                        (request, stream) -> {
                            for (int i = 0; i < 1000; i++) {
                                stream.send(large);
                                sent.incrementAndGet();
                            }
                        },
                        request -> request));
        StepVerifier.create(produce(""), 2)
                .expectNextCount(2)
                .then(() -> assertThat(sent.get()).isLessThan(900))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(998)
                .expectComplete()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void cancellingTheSubscriptionCancelsTheCall(Transport transport) throws Exception {
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        serve(transport, EchoService.bidi(stream -> {
            CallContext.current().onCancel(() -> cancelled.complete(true));
            stream.send("first");
            stream.recv();
        }));
        StepVerifier.create(chat(Flux.never())).expectNext("first").thenCancel().verify(PATIENCE);
        assertThat(cancelled.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aFailedCallIsAnErrorSignal(Transport transport) {
        serve(transport, EchoService.bidi(stream -> {
            throw new BizStatusException(1234, "refused");
        }));
        StepVerifier.create(chat(Flux.never()))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                BizStatusException.class,
                                refused -> assertThat(refused.code()).isEqualTo(1234)))
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requestsThatFailCancelTheCallAndAreWhatTheSubscriberSees(Transport transport) {
        serve(transport, EchoService.echo());
        Flux<String> requests = Flux.just("a").concatWith(Flux.error(new IllegalStateException("no more")));
        StepVerifier.create(chat(requests).filter(message -> false))
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("no more"))
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void requestsAreCancelledWhenTheCallEndsBeforeThem(Transport transport) throws Exception {
        serve(transport, EchoService.bidi(stream -> stream.send("enough")));
        CountDownLatch cancelled = new CountDownLatch(1);
        Flux<String> requests = Flux.<String>never().doOnCancel(cancelled::countDown);
        StepVerifier.create(chat(requests))
                .expectNext("enough")
                .expectComplete()
                .verify(PATIENCE);
        assertThat(cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aHandlerServesWhatAModelPublishesAndStopsItWhenTheCallerLeaves(Transport transport) throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        serve(
                transport,
                EchoService.with(
                        stream -> {},
                        stream -> {},
                        (request, stream) -> ReactorStreams.send(
                                Flux.interval(Duration.ofMillis(1), Schedulers.parallel())
                                        .onBackpressureDrop()
                                        .map(i -> request + i)
                                        .doOnCancel(stopped::countDown),
                                stream),
                        request -> request));
        StepVerifier.create(produce("token ").take(3))
                .expectNextCount(3)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aHandlerReadsItsRequestsAsAFlux(Transport transport) {
        serve(
                transport,
                EchoService.with(
                        stream -> {},
                        stream -> {
                            List<String> all = ReactorStreams.received(stream)
                                    .collectList()
                                    .block(PATIENCE);
                            stream.sendAndClose(String.join("+", all));
                        },
                        (request, stream) -> {},
                        request -> request));
        StepVerifier.create(ReactorStreams.mono(
                        () -> client.clientStreaming(EchoService.COLLECT, CallOptions.NONE), Flux.just("a", "b")))
                .expectNext("a+b")
                .expectComplete()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void cancellingAUnaryCallEndsIt(Transport transport) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        serve(transport, EchoService.with(stream -> {}, request -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw new RpcException("ended", e);
            }
            return request;
        }));
        Mono<String> call = ReactorStreams.mono(() -> client.call(EchoService.SAY, "hi", CallOptions.NONE));
        StepVerifier.create(call)
                .then(() -> assertThatThrownBy(() -> {
                            if (begun.await(30, TimeUnit.SECONDS)) {
                                throw new IllegalStateException("begun");
                            }
                        })
                        .hasMessage("begun"))
                .thenCancel()
                .verify(PATIENCE);
        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
