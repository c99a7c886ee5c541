package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compressors of one's own, and messages that do not fit or are none. */
@Timeout(60)
class CompressorsTest {

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private final CompressionTest.Counting counted = new CompressionTest.Counting();

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

        CompressionTest.exchange(client, CallOptions.NONE.withCompression("deflate"));

        assertThat(counted.sent).hasValueLessThan(CompressionTest.SMALL_BYTES);
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
        Client client = ends.connect(server);

        try (var good = client.bidiStreaming(EchoService.BIDI, CompressionTest.GZIP);
                var bomb = client.bidiStreaming(EchoService.BIDI, CompressionTest.GZIP)) {
            bomb.send(CompressionTest.LONG);
            assertThatThrownBy(bomb::recv).isInstanceOfSatisfying(StatusException.class, status -> {
                assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
                assertThat(status.statusMessage())
                        .matches("message of \\d+ compressed bytes becomes larger than 10000 bytes"
                                + " \\(expected: at most those, the setting maxMessageBytes\\) \\[biz error]");
            });
            good.send("still there");
            assertThat(good.recv()).isEqualTo("still there");
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, CompressionTest.LONG, CompressionTest.GZIP))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }

    @Test
    void aReplyThatBecomesTooLargeEndsItsStream() {
        Server server = ends.serve(EchoService.bidi(stream -> {
            stream.send(CompressionTest.LONG);
            while (stream.recv() != null) {}
        }));
        Client client = ends.connect(server, settings -> settings.maxMessageBytes(10_000));

        try (var stream = client.bidiStreaming(EchoService.BIDI, CompressionTest.GZIP)) {
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

        assertThatThrownBy(() -> client.call(EchoService.SAY, "text", CompressionTest.GZIP))
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

        assertThatThrownBy(() -> ends.connect(server).call(EchoService.SAY, "text", CompressionTest.GZIP))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }
}
