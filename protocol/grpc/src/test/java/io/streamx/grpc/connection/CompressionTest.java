package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.CallContext;
import io.streamx.CallListener;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that are compressed on their way between a Java client and a Java server. */
@Timeout(60)
class CompressionTest {
    static final CallOptions GZIP = CallOptions.NONE.withCompression("gzip");
    static final String LONG = "a long text that says the same again and again. ".repeat(2_000);
    static final int SMALL_BYTES = 2_000;

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    /** What streams at a client count. */
    static final class Counting implements CallListener {
        final AtomicLong sent = new AtomicLong();
        final AtomicLong received = new AtomicLong();

        @Override
        public void onSend(io.streamx.CallInfo call, long bytes, Throwable failure) {
            sent.addAndGet(bytes);
        }

        @Override
        public void onReceive(io.streamx.CallInfo call, long bytes, Throwable failure) {
            received.addAndGet(bytes);
        }
    }

    private final Counting counted = new Counting();

    private Client connect(Server server) {
        return ends.connect(server, client -> client.callListener(counted));
    }

    static void exchange(Client client, CallOptions options) {
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            stream.send(LONG);
            assertThat(stream.recv()).isEqualTo(LONG);
            stream.send("");
            assertThat(stream.recv()).isEmpty();
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    // ---- who compresses ----

    @Test
    void nothingIsCompressedUnlessSomebodyAsks() {
        exchange(connect(ends.serve(EchoService.echo())), CallOptions.NONE);

        assertThat(counted.sent).hasValueGreaterThan(LONG.length());
        assertThat(counted.received).hasValueGreaterThan(LONG.length());
    }

    @Test
    void aCallThatCompressesIsAnsweredCompressed() {
        exchange(connect(ends.serve(EchoService.echo())), GZIP);

        assertThat(counted.sent).hasValueLessThan(SMALL_BYTES);
        assertThat(counted.received).hasValueLessThan(SMALL_BYTES);
    }

    @Test
    void aClientMayCompressAllItsCalls() {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(
                server,
                settings -> settings.callListener(counted)
                        .transportOptions(
                                GrpcOptions.builder().compression("gzip").build()));

        exchange(client, CallOptions.NONE);
        assertThat(counted.sent).hasValueLessThan(SMALL_BYTES);

        exchange(client, CallOptions.NONE.withCompression("identity"));
        assertThat(counted.sent).hasValueGreaterThan(LONG.length());
    }

    @Test
    void unaryCallsAreCompressedToo() {
        String[] seen = new String[1];
        Server server = ends.serve(EchoService.with(stream -> {}, request -> {
            seen[0] = request;
            return request + "!";
        }));

        assertThat(connect(server).call(EchoService.SAY, LONG, GZIP)).isEqualTo(LONG + "!");
        assertThat(seen[0]).isEqualTo(LONG);
    }

    @Test
    void aHandlerMayRefuseToCompress() {
        exchange(
                connect(ends.serve(EchoService.bidi(stream -> {
                    stream.call().setCompression("identity");
                    for (String message : stream) {
                        stream.send(message);
                    }
                }))),
                GZIP);

        assertThat(counted.sent).hasValueLessThan(SMALL_BYTES);
        assertThat(counted.received).hasValueGreaterThan(LONG.length());
    }

    @Test
    void aHandlerMayCompressForACallerThatOnlyUnderstands() {
        Server server = ends.serve(EchoService.bidi(stream -> {
            CallContext.current().setCompression("gzip");
            for (String message : stream) {
                stream.send(message);
            }
        }));

        exchange(connect(server), CallOptions.NONE.withCompression("identity"));

        assertThat(counted.sent).hasValueGreaterThan(LONG.length());
        assertThat(counted.received).hasValueLessThan(SMALL_BYTES);
    }

    @Test
    void aHandlerDoesNotCompressForACallerThatDidNotSayItUnderstands() {
        exchange(
                connect(ends.serve(EchoService.bidi(stream -> {
                    stream.call().setCompression("gzip");
                    for (String message : stream) {
                        stream.send(message);
                    }
                }))),
                CallOptions.NONE);

        assertThat(counted.received).hasValueGreaterThan(LONG.length());
    }

    @Test
    void eachSideMayLeaveMessagesAsTheyAre() {
        Client client = connect(ends.serve(EchoService.bidi(stream -> {
            boolean compress = false;
            for (String message : stream) {
                stream.setMessageCompression(compress);
                stream.send(message);
                compress = !compress;
            }
        })));

        try (var stream = client.bidiStreaming(EchoService.BIDI, GZIP)) {
            stream.send(LONG);
            assertThat(stream.recv()).isEqualTo(LONG);
            assertThat(counted.sent).hasValueLessThan(SMALL_BYTES);
            assertThat(counted.received).hasValueGreaterThan(LONG.length());
            stream.setMessageCompression(false);
            stream.send(LONG);
            assertThat(stream.recv()).isEqualTo(LONG);
            assertThat(counted.sent).hasValueGreaterThan(LONG.length());
            assertThat(counted.received).hasValueLessThan(LONG.length() + SMALL_BYTES);
        }
    }

    // ---- mistakes ----

    @Test
    void aCompressorThatIsNotThereIsNamedToTheCaller() {
        Client client = connect(ends.serve(EchoService.echo()));
        CallOptions options = CallOptions.NONE.withCompression("zstd");

        assertThatThrownBy(() -> client.bidiStreaming(EchoService.BIDI, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("compression: 'zstd' (expected: one of identity, gzip)");
        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("compression: 'zstd' (expected: one of identity, gzip)");
        assertThatThrownBy(() -> GrpcOptions.builder().compression("zstd").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("compression: 'zstd' (expected: one of identity, gzip)");
    }

    @Test
    void aHandlersMistakesAreNamedToIt() {
        ConcurrentLinkedQueue<String> messages = new ConcurrentLinkedQueue<>();
        Client client = connect(ends.serve(EchoService.bidi(stream -> {
            for (String name : List.of("zstd", "gzip")) {
                try {
                    stream.call().setCompression(name);
                } catch (IllegalArgumentException e) {
                    messages.add(String.valueOf(e.getMessage()));
                }
            }
            stream.sendHeader(Map.of());
            stream.send("x");
            try {
                stream.call().setCompression("identity");
            } catch (IllegalStateException e) {
                messages.add(String.valueOf(e.getMessage()));
            }
        })));

        try (var stream = client.bidiStreaming(EchoService.BIDI, GZIP)) {
            assertThat(stream.recv()).isEqualTo("x");
            assertThat(stream.recv()).isNull();
        }
        assertThat(messages)
                .containsExactly(
                        "compression: 'zstd' (expected: one of identity, gzip)",
                        "compression 'identity' for EchoService.Bidi after the first message or the header"
                                + " (expected: before them)");
    }

    @Test
    void outsideAHandlerThereIsNothingToChoose() {
        assertThatThrownBy(() -> CallContext.current().setCompression("gzip"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("compression 'gzip' outside a handler (expected: within one)");
    }
}
