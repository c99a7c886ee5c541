package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamx.AttributeKey;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.PingPong;
import io.streamx.RpcTimeoutException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.testing.ManualClock;
import io.streamx.thrift.UnaryResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What listeners are told of unary calls, on every carrier and on gRPC. */
@ParameterizedClass(name = "{0}")
@EnumSource(UnaryCallEventsTest.Carried.class)
@Timeout(60)
class UnaryCallEventsTest {
    /** What unary calls travel on. */
    enum Carried {
        FRAMED(PingPong.FRAMED),
        BUFFERED(PingPong.BUFFERED),
        TTHEADER(PingPong.TTHEADER),
        TTHEADER_FRAMED(PingPong.TTHEADER_FRAMED),
        GRPC(null);

        private final @Nullable PingPong carrier;

        Carried(@Nullable PingPong carrier) {
            this.carrier = carrier;
        }

        Transport transport() {
            return carrier == null ? Transport.GRPC : Transport.TTHEADER;
        }

        void choose(Client.Builder client) {
            if (carrier == null) {
                client.transport(Transport.GRPC);
            } else {
                client.pingPong(carrier);
            }
        }
    }

    private static final MethodDescriptor<String, String> MISSING =
            MethodDescriptor.unary("EchoService", "Nothing", EchoService.TEXT, UnaryResult.of(EchoService.TEXT));
    private static final AttributeKey<String> USER = AttributeKey.named("user");

    @Parameter
    Carried carried;

    private final OpenEnds ends = new OpenEnds(builder -> carried.choose(builder));
    private final Events atServer = new Events();
    private final Events atClient = new Events();

    @AfterEach
    void closeEnds() throws Exception {
        ends.close();
    }

    private Server serve(ServiceDefinition.UnaryHandler<String, String> say) {
        return ends.serve(EchoService.with(stream -> {}, say), builder -> builder.callListener(atServer));
    }

    private Client connect(ServiceDefinition.UnaryHandler<String, String> say) {
        return ends.connect(serve(say), builder -> builder.callListener(atClient));
    }

    private static String say(Client client, String text) {
        return client.call(EchoService.SAY, text, CallOptions.NONE);
    }

    /** What one side was told of the one call of a test. */
    private static final class Events implements CallListener {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final List<CallInfo> calls = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Summary> finish = new CompletableFuture<>();
        private final CompletableFuture<CallInfo> done = new CompletableFuture<>();

        @Override
        public void onStart(CallInfo call) {
            told("start", call);
        }

        @Override
        public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
            told(failure == null ? "recv " + bytes : "recv failed", call);
        }

        @Override
        public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
            told(failure == null ? "send " + bytes : "send failed", call);
        }

        @Override
        public void onFinish(CallInfo call, Summary summary) {
            told("finish", call);
            finish.complete(summary);
        }

        @Override
        public void onDone(CallInfo call) {
            told("done", call);
            done.complete(call);
        }

        private void told(String what, CallInfo call) {
            all.add(what);
            calls.add(call);
        }

        /** All that was told, with the one call it was told of. */
        List<String> whole() throws Exception {
            CallInfo call = done.get(20, TimeUnit.SECONDS);
            assertThat(calls).allSatisfy(one -> assertThat(one).isSameAs(call));
            return List.copyOf(all);
        }

        CallInfo call() throws Exception {
            return done.get(20, TimeUnit.SECONDS);
        }

        Summary summary() throws Exception {
            return finish.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void bothEndsTellOfOneRequestAndOneReplyWithTheirSizes() throws Exception {
        Client client = connect(request -> request + "!");
        assertThat(say(client, "hello")).isEqualTo("hello!");

        // The arguments are the struct itself; the reply is a struct with the result in field 0.
        int request = EchoService.encoded("hello").length;
        int reply = 3 + EchoService.encoded("hello!").length + 1;
        assertThat(atClient.all).containsExactly("start", "send " + request, "recv " + reply, "finish", "done");
        assertThat(atServer.whole()).containsExactly("start", "recv " + request, "send " + reply, "finish", "done");
        assertThat(atClient.summary()).isEqualTo(new CallListener.Summary(1, request, 1, reply, null, null));
        assertThat(atServer.summary()).isEqualTo(new CallListener.Summary(1, reply, 1, request, null, null));
    }

    @Test
    void theCallSaysWhatItTravelsOnAndWhere() throws Exception {
        Server server = serve(request -> request);
        Client client = ends.connect(server, builder -> builder.callListener(atClient));
        say(client, "m");
        for (CallInfo call : List.of(atClient.call(), atServer.call())) {
            assertThat(call.transport()).isEqualTo(carried.transport());
            assertThat(call.carrier()).isEqualTo(carried.carrier);
            assertThat(call.attempt()).isEqualTo(1);
            assertThat(call.isListed()).isTrue();
            assertThat(call.remoteAddress()).isNotNull();
        }
        assertThat(atClient.call().instance()).isEqualTo(ends.address(server));
        assertThat(atServer.call().instance()).isEmpty();
    }

    @Test
    void aFailureOfTheHandlerIsTheOutcomeAtBothEnds() throws Exception {
        Client client = connect(request -> {
            throw new IllegalStateException("boom");
        });
        assertThatThrownBy(() -> say(client, "m")).hasMessageContaining("boom");
        assertThat(atClient.summary().failure()).hasMessageContaining("boom");
        assertThat(atClient.summary().isSuccess()).isFalse();
        assertThat(atServer.summary().failure()).hasMessage("boom");
        assertThat(atServer.whole()).startsWith("start").endsWith("finish", "done");
    }

    @Test
    void aBusinessErrorIsAnOutcomeOfACallThatDidItsWork() throws Exception {
        Client client = connect(request -> {
            throw new BizStatusException(7, "no", Map.of());
        });
        assertThatThrownBy(() -> say(client, "m")).isInstanceOf(Exception.class);
        assertThat(atServer.summary().failure()).isInstanceOf(BizStatusException.class);
        assertThat(atServer.summary().isSuccess()).isTrue();
    }

    @Test
    void aCallOfAnUnknownMethodIsToldOfAsRefused() throws Exception {
        Client client = connect(request -> request);
        assertThatThrownBy(() -> client.call(MISSING, "m", CallOptions.NONE)).isInstanceOf(Exception.class);
        assertThat(atServer.whole()).containsExactly("start", "finish", "done");
        assertThat(atServer.call().method()).isEqualTo("Nothing");
        assertThat(atServer.call().isListed()).isFalse();
        assertThat(atServer.call().transport()).isEqualTo(carried.transport());
        assertThat(atServer.summary().failure()).isNotNull();
        assertThat(atClient.summary().failure()).isNotNull();
    }

    @Test
    void aRequestThatCannotBeDecodedIsAFailedRecv() throws Exception {
        assumeThat(carried)
                .as("a buffered message has no length: one cut short has not come yet")
                .isNotEqualTo(Carried.BUFFERED);
        Server server = serve(request -> request);
        MethodDescriptor<byte[], String> raw =
                MethodDescriptor.unary("EchoService", "Say", MessageCodec.raw(), UnaryResult.of(EchoService.TEXT));
        Client client = ends.connect(server, builder -> builder.callListener(atClient));
        // A field of type string that announces more bytes than there are.
        byte[] cutShort = {11, 0, 1, 0, 0, 0, 9, 'x'};
        assertThatThrownBy(() -> client.call(raw, cutShort, CallOptions.NONE)).isInstanceOf(Exception.class);
        assertThat(atServer.whole()).startsWith("start", "recv failed").endsWith("finish", "done");
        assertThat(atServer.summary().failure()).isNotNull();
        assertThat(atClient.all).contains("send " + cutShort.length);
    }

    @Test
    void aCallThatTakesTooLongHasItsTimeoutAsOutcome() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        ManualClock clock = new ManualClock();
        Server server = serve(request -> {
            begun.countDown();
            leave.await();
            return request;
        });
        Client client =
                ends.connect(server, builder -> builder.callListener(atClient).install(clock));
        CallOptions options = CallOptions.NONE.withTimeout(Duration.ofHours(1));
        try {
            CompletableFuture<String> call =
                    CompletableFuture.supplyAsync(() -> client.call(EchoService.SAY, "m", options));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            clock.advanceUntil(call, Duration.ofHours(1));
            assertThatThrownBy(call::join).hasCauseInstanceOf(RpcTimeoutException.class);
            assertThat(atClient.all).startsWith("start", "send " + EchoService.encoded("m").length);
            assertThat(atClient.whole()).endsWith("finish", "done");
            assertThat(atClient.summary().failure()).isNotNull();
            assertThat(atClient.summary().messagesReceived()).isZero();
        } finally {
            leave.countDown();
        }
        assertThat(atServer.whole()).endsWith("finish", "done");
    }

    @Test
    void aCallThatFindsNoConnectionIsToldOfAtTheClient() throws Exception {
        Server server = serve(request -> request);
        Client client = ends.connect(server, builder -> builder.callListener(atClient));
        server.close();
        assertThatThrownBy(() -> say(client, "m"))
                .isNotInstanceOf(RpcTimeoutException.class)
                .isInstanceOf(Exception.class);
        assertThat(atClient.whole()).containsExactly("start", "finish", "done");
        assertThat(atClient.summary().failure()).isNotNull();
    }

    @Test
    void attributesGoFromMiddlewareToHandlerAndListener() throws Exception {
        Server server = ends.serve(
                EchoService.with(
                        stream -> {},
                        request -> request + " " + CallContext.current().attribute(USER)),
                builder -> builder.callListener(atServer).middleware(next -> (call, request) -> {
                    call.setAttribute(USER, "ann");
                    return next.proceed(call, request);
                }));
        Client client = ends.connect(
                server,
                builder -> builder.callListener(atClient).middleware(next -> (call, request) -> {
                    call.setAttribute(USER, "bob");
                    return next.proceed(call.withOptions(call.options()), request);
                }));
        assertThat(say(client, "hello")).isEqualTo("hello ann");
        assertThat(atServer.call().attribute(USER)).isEqualTo("ann");
        assertThat(atClient.call().attribute(USER)).isEqualTo("bob");
        assertThat(CallContext.current().attribute(USER)).isNull();
        assertThatThrownBy(() -> CallContext.current().setAttribute(USER, "nobody"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("user");
    }

    @Test
    void anAttemptOfAMiddlewareIsToldOfWithItsNumberAndAttributesOfItsOwn() throws Exception {
        List<String> attempts = new CopyOnWriteArrayList<>();
        CallListener listener = new CallListener() {
            @Override
            public void onStart(CallInfo call) {
                attempts.add(call.attempt() + " " + call.attribute(USER));
                call.setAttribute(USER, "seen");
            }
        };
        Client client = ends.connect(
                serve(request -> request),
                builder -> builder.callListener(listener).middleware(next -> (call, request) -> {
                    next.proceed(call, request);
                    return next.proceed(call.withAttempt(2), request);
                }));
        say(client, "m");
        assertThat(attempts).containsExactly("1 null", "2 null");
    }
}
