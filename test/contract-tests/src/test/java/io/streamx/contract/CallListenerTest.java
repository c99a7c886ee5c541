package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BizStatusException;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.RecvTimeout;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What observers are told of a stream, how often, and before whom. */
class CallListenerTest extends OnEveryTransport {
    private final Events atServer = new Events();
    private final Events atClient = new Events();

    private Client connect(ServiceDefinition service) {
        Server server = ends.serve(service, builder -> builder.callListener(atServer));
        return ends.connect(server, builder -> builder.callListener(atClient));
    }

    /** What one side was told, one word for each event. */
    private static final class Events implements CallListener {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Summary> finish = new CompletableFuture<>();

        @Override
        public void onStart(CallInfo call) {
            all.add("start");
        }

        @Override
        public void onHeader(CallInfo call, Map<String, String> entries) {
            all.add("header " + entries);
        }

        @Override
        public void onReceive(CallInfo call, long bytes, Throwable failure) {
            all.add(failure == null ? "recv" : "recv failed");
        }

        @Override
        public void onSend(CallInfo call, long bytes, Throwable failure) {
            all.add(failure == null ? "send" : "send failed");
        }

        @Override
        public void onFinish(CallInfo call, Summary summary) {
            all.add("finish");
            if (!finish.complete(summary)) {
                all.add("finish again");
            }
        }

        List<String> soFar() {
            return List.copyOf(all);
        }

        Summary summary() throws Exception {
            return finish.get(20, TimeUnit.SECONDS);
        }

        List<String> whole() throws Exception {
            assertThat(summary()).isNotNull();
            return soFar();
        }
    }

    /** Of a stream that ends without entries and messages not every transport has a header to tell of. */
    private static List<String> withoutEmptyHeader(List<String> told) {
        return told.stream().filter(event -> !event.equals("header {}")).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 50})
    void aBidirectionalStreamOfSoManyMessagesIsToldOfOnceForEach(int messages) throws Exception {
        Client client = connect(EchoService.echo());
        try (var stream = EchoService.bidi(client)) {
            for (int i = 0; i < messages; i++) {
                stream.send("12345678");
                assertThat(stream.recv()).isEqualTo("12345678");
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();

            List<String> told = atClient.soFar();
            assertThat(told).startsWith("start").endsWith("finish");
            assertThat(told)
                    .filteredOn("header {}"::equals)
                    .hasSize(messages > 0 || transport.everyStreamHasAHeader() ? 1 : 0);
            assertThat(withoutEmptyHeader(told)).hasSize(2 + 2 * messages);
            assertThat(told).filteredOn("recv"::equals).hasSize(messages);
            assertThat(told).filteredOn("send"::equals).hasSize(messages);
            assertThat(told.indexOf("header {}")).isLessThan(messages == 0 ? 2 : told.indexOf("recv"));
        }
        List<String> told = atServer.whole();
        assertThat(told).hasSize(2 + 2 * messages).startsWith("start").endsWith("finish");
        assertThat(told).filteredOn("recv"::equals).hasSize(messages);
        assertThat(told).filteredOn("send"::equals).hasSize(messages);

        long bytes = messages * (long) EchoService.encoded("12345678").length;
        for (CallListener.Summary summary : List.of(atClient.summary(), atServer.summary())) {
            assertThat(summary).isEqualTo(new CallListener.Summary(messages, bytes, messages, bytes, null, null));
            assertThat(summary.isSuccess()).isTrue();
        }
    }

    @Test
    void theEventsOfServerStreamingIncludeTheRequest() throws Exception {
        Client client = connect(EchoService.echo());
        try (var stream = client.serverStreaming(EchoService.PRODUCE, "2", CallOptions.NONE)) {
            assertThat(stream).hasSize(2);
        }
        assertThat(atClient.whole())
                .filteredOn(event -> !event.startsWith("header"))
                .containsExactlyInAnyOrder("start", "send", "recv", "recv", "finish");
        assertThat(atServer.whole()).containsExactly("start", "recv", "send", "send", "finish");
    }

    @Test
    void headerAndTrailerEntriesAreShown() throws Exception {
        Client client = connect(EchoService.bidi(stream -> {
            stream.setHeader(Map.of("h", "1"));
            stream.setTrailer(Map.of("t", "2"));
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.header()).containsOnlyKeys("h");
            assertThat(atClient.soFar()).startsWith("start", "header {h=1}");
            assertThat(stream.trailer()).containsOnlyKeys("t");
            assertThat(atClient.soFar()).containsExactly("start", "header {h=1}", "finish");
        }
        assertThat(atClient.summary().trailer()).containsOnly(Map.entry("t", "2"));
        assertThat(atServer.summary().trailer()).isNull();
    }

    @Test
    void aFailingRecvIsToldOfAndTheFinishComesBeforeTheCallerKnows() throws Exception {
        Client client = connect(EchoService.bidi(stream -> {
            throw new IllegalStateException("boom");
        }));
        try (var stream = EchoService.bidi(client)) {
            Throwable seen = catchThrowable(stream::recv);
            List<String> told = atClient.soFar();

            assertThat(seen).satisfies(errors().handlerFailed("boom"));
            assertThat(withoutEmptyHeader(told)).containsExactlyInAnyOrder("start", "recv failed", "finish");
            assertThat(atClient.summary().failure()).satisfies(errors().handlerFailed("boom"));
            assertThat(atClient.summary().isSuccess()).isFalse();
        }
        assertThat(atServer.summary().failure()).hasMessage("boom");
    }

    @Test
    void aFailingSendIsToldOfAndTheFinishComesBeforeTheCallerKnows() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        Client client = connect(EchoService.bidi(stream -> leave.await()));
        try (var stream = EchoService.bidi(client)) {
            leave.countDown();
            assertThat(stream.trailer()).isEmpty();

            assertThatThrownBy(() -> stream.send("late")).satisfies(errors().sendAfterEnd());
            assertThat(withoutEmptyHeader(atClient.soFar()))
                    .containsExactlyInAnyOrder("start", "finish", "send failed");
            assertThat(atClient.summary().isSuccess()).isTrue();
        }
    }

    @Test
    void aBusinessErrorIsAFailedRecvOfAStreamThatDidItsWork() throws Exception {
        Client client = connect(EchoService.bidi(stream -> {
            throw new BizStatusException(7, "no", Map.of());
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv).isInstanceOf(BizStatusException.class);
        }
        assertThat(atClient.summary().failure()).isInstanceOf(BizStatusException.class);
        assertThat(atClient.summary().isSuccess()).isTrue();
        assertThat(atServer.summary().isSuccess()).isTrue();
    }

    @Test
    void aCancelledStreamFinishesOnceOnEachSideAfterAllElse() throws Exception {
        Client client = connect(EchoService.echo());
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            stream.cancel("enough");
            stream.cancel("again");
            assertThatThrownBy(stream::recv).satisfies(errors().canceled("enough"));
            assertThatThrownBy(() -> stream.send("late")).satisfies(errors().canceled("enough"));

            // A server may send its header before it has read anything.
            assertThat(atClient.soFar())
                    .startsWith("start")
                    .containsSubsequence("send", "recv")
                    .containsSubsequence("header {}", "recv")
                    .containsOnlyOnce("finish", "recv failed", "send failed")
                    .hasSize(7);
        }
        assertThat(atServer.whole()).containsExactly("start", "recv", "send", "recv failed", "finish");
        assertThat(atServer.summary().failure()).satisfies(errors().canceledByCaller("enough", "caller"));
    }

    @Test
    void aTimeoutFinishesTheStreamBeforeItsCallerKnows() throws Exception {
        Client client = connect(EchoService.echo());
        CallOptions options = CallOptions.NONE.withRecvTimeout(RecvTimeout.of(Duration.ofMillis(20)));
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThatThrownBy(stream::recv).satisfies(errors().recvTimeout("20ms", false, "the options of the call"));
            assertThat(atClient.soFar()).containsExactlyInAnyOrder("start", "finish", "recv failed");
            assertThatThrownBy(() -> stream.send("late"))
                    .satisfies(errors().recvTimeout("20ms", false, "the options of the call"));
        }
    }

    @Test
    void messagesThatCameAreCountedThoughNobodyTookThem() throws Exception {
        Client client = connect(EchoService.bidi(stream -> {
            for (int i = 0; i < 5; i++) {
                stream.send("x");
            }
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("x");
            assertThat(stream.trailer()).isEmpty();
        }
        assertThat(atClient.summary().messagesReceived()).isEqualTo(5);
        assertThat(atClient.soFar()).filteredOn("recv"::equals).hasSize(1);
    }

    @Test
    void aListenerThatThrowsDisturbsNothing() throws Exception {
        CallListener broken = new CallListener() {
            @Override
            public void onStart(CallInfo call) {
                throw new IllegalStateException("start");
            }

            @Override
            public void onHeader(CallInfo call, Map<String, String> entries) {
                throw new IllegalStateException("header");
            }

            @Override
            public void onReceive(CallInfo call, long bytes, Throwable failure) {
                throw new AssertionError("receive");
            }

            @Override
            public void onSend(CallInfo call, long bytes, Throwable failure) {
                throw new IllegalStateException("send");
            }

            @Override
            public void onFinish(CallInfo call, Summary summary) {
                throw new IllegalStateException("finish");
            }
        };
        Server server = ends.serve(
                EchoService.echo(), builder -> builder.callListener(broken).callListener(atServer));
        Client client =
                ends.connect(server, builder -> builder.callListener(broken).callListener(atClient));
        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(atClient.whole()).hasSize(5);
        assertThat(atServer.whole()).hasSize(4);
    }

    @Test
    void theCallNamesBothEndsOfTheStream() throws Exception {
        CompletableFuture<CallInfo> seen = new CompletableFuture<>();
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(
                server,
                builder -> builder.callListener(new CallListener() {
                    @Override
                    public void onStart(CallInfo call) {
                        seen.complete(call);
                    }
                }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.call()).isEqualTo(seen.get());
            assertThat(seen.get().from()).isEqualTo("caller");
            assertThat(seen.get().to()).isEqualTo("echo");
            assertThat(seen.get().remoteAddress()).asString().endsWith(ends.address(server));
        }
    }
}
