package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.CallContext;
import io.streamx.CallListener;
import io.streamx.Compressor;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that are compressed on their way between a Java client and a Java server. */
@Timeout(60)
class CompressionTest {
    private static final CallOptions GZIP = CallOptions.NONE.withCompression("gzip");
    private static final String LONG = "a long text that says the same again and again. ".repeat(2_000);
    private static final int SMALL_BYTES = 2_000;

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    /** What streams at a client count. */
    private static final class Counting implements CallListener {
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

    private void exchange(Client client, CallOptions options) {
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

    // ---- compressors of one's own ----

    /** Zlib's format, and where it runs. */
    private static class Zlib implements Compressor {
        final ConcurrentLinkedQueue<String> threads = new ConcurrentLinkedQueue<>();
        private final String name;

        Zlib(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public OutputStream compress(OutputStream compressed) throws IOException {
            threads.add(Thread.currentThread().getName());
            return new DeflaterOutputStream(compressed);
        }

        @Override
        public InputStream decompress(InputStream compressed) throws IOException {
            threads.add(Thread.currentThread().getName());
            return new InflaterInputStream(compressed);
        }
    }

    private static GrpcOptions with(Compressor... compressors) {
        GrpcOptions.Builder options = GrpcOptions.builder();
        for (Compressor compressor : compressors) {
            options.compressor(compressor);
        }
        return options.build();
    }

    @Test
    void anotherCompressorIsUsedByItsNameOnTheThreadsOfItsUsers() {
        Zlib atServer = new Zlib("deflate");
        Zlib atClient = new Zlib("deflate");
        Server server = ends.serve(EchoService.echo(), settings -> settings.transportOptions(with(atServer)));
        Client client =
                ends.connect(server, settings -> settings.callListener(counted).transportOptions(with(atClient)));

        exchange(client, CallOptions.NONE.withCompression("deflate"));

        assertThat(counted.sent).hasValueLessThan(SMALL_BYTES);
        assertThat(atClient.threads)
                .hasSize(4)
                .containsOnly(Thread.currentThread().getName());
        assertThat(atServer.threads).hasSize(4);
        assertThat(Collections.disjoint(atServer.threads, eventLoops())).isTrue();
    }

    private static List<String> eventLoops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread instanceof io.netty.util.concurrent.FastThreadLocalThread)
                .map(Thread::getName)
                .toList();
    }

    @Test
    void aServerThatDoesNotKnowTheCompressorSaysWhatItKnows() {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(server, settings -> settings.transportOptions(with(new Zlib("deflate"))));
        CallOptions options = CallOptions.NONE.withCompression("deflate");

        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThatThrownBy(stream::recv).isInstanceOfSatisfying(StatusException.class, status -> {
                assertThat(status.code()).isEqualTo(StatusCode.INTERNAL);
                assertThat(status.statusMessage())
                        .isEqualTo("no kitex compressor registered found for:deflate:"
                                + " grpc-encoding 'deflate' (expected: one of identity, gzip)");
            });
        }
    }

    @Test
    void theStandardServerSaysSoWithItsOwnCode() {
        Server server = ends.serve(
                EchoService.echo(),
                settings -> settings.transportOptions(GrpcOptions.builder()
                        .errorStyle(GrpcOptions.ErrorStyle.STANDARD)
                        .build()));
        Client client = ends.connect(server, settings -> settings.transportOptions(with(new Zlib("deflate"))));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", CallOptions.NONE.withCompression("deflate")))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.UNIMPLEMENTED));
    }

    @Test
    void aNameThatNoHeaderCanCarryIsRefused() {
        for (String name : List.of("", "identity", "GZIP", "a,b", "a b")) {
            assertThatThrownBy(() -> with(new Zlib(name)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(
                            ": '" + name + "' (expected: lower-case letters, digits, '-', '_' and '.'; not identity)");
        }
    }

    // ---- messages that do not fit, and that are none ----

    @Test
    void aRequestThatBecomesTooLargeIsAClearErrorOfItsStreamAlone() {
        Server server = ends.serve(EchoService.echo(), settings -> settings.maxMessageBytes(10_000));
        Client client = connect(server);

        try (var good = client.bidiStreaming(EchoService.BIDI, GZIP);
                var bomb = client.bidiStreaming(EchoService.BIDI, GZIP)) {
            bomb.send(LONG);
            assertThatThrownBy(bomb::recv).isInstanceOfSatisfying(StatusException.class, status -> {
                assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
                assertThat(status.statusMessage())
                        .matches("message of \\d+ compressed bytes becomes larger than 10000 bytes"
                                + " \\(expected: at most those, the setting maxMessageBytes\\) \\[biz error]");
            });
            good.send("still there");
            assertThat(good.recv()).isEqualTo("still there");
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, LONG, GZIP))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }

    @Test
    void aReplyThatBecomesTooLargeEndsItsStream() {
        Server server = ends.serve(EchoService.bidi(stream -> {
            stream.send(LONG);
            while (stream.recv() != null) {}
        }));
        Client client = ends.connect(server, settings -> settings.maxMessageBytes(10_000));

        try (var stream = client.bidiStreaming(EchoService.BIDI, GZIP)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv).isInstanceOfSatisfying(StatusException.class, status -> {
                    assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
                    assertThat(status.statusMessage()).contains("becomes larger than 10000 bytes");
                });
            }
        }
    }

    /** Writes what it cannot read. */
    private static final class Broken extends Zlib {
        Broken() {
            super("gzip");
        }

        @Override
        public OutputStream compress(OutputStream compressed) {
            return new FilterOutputStream(compressed);
        }
    }

    @Test
    void aRequestThatIsNotWhatItsHeaderSaysIsAClearError() {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(server, settings -> settings.transportOptions(with(new Broken())));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "text", GZIP))
                .isInstanceOfSatisfying(StatusException.class, status -> {
                    assertThat(status.code()).isEqualTo(StatusCode.INTERNAL);
                    assertThat(status.statusMessage())
                            .isEqualTo("message of 12 compressed bytes: Not in GZIP format (expected: gzip)");
                });
    }

    /** A compressor that never comes to an end. */
    private static final class Endless extends Zlib {
        Endless() {
            super("gzip");
        }

        @Override
        public InputStream decompress(InputStream compressed) {
            return new FilterInputStream(compressed) {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] into, int from, int length) {
                    return length;
                }
            };
        }
    }

    @Test
    void aMessageWithoutEndCostsNoMoreThanTheLargestAllowed() {
        Server server = ends.serve(
                EchoService.echo(),
                settings -> settings.maxMessageBytes(100_000).transportOptions(with(new Endless())));

        assertThatThrownBy(() -> connect(server).call(EchoService.SAY, "text", GZIP))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }
}
