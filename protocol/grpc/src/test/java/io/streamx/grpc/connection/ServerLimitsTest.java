package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server does at its own limits and at those that a client sets. */
@Timeout(60)
class ServerLimitsTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private Http2Peer client(Server server) throws IOException {
        return Http2Peer.greet(server.port());
    }

    // ---- limits ----

    @Test
    void streamsBeyondTheLimitAreRefused() throws Exception {
        Server server = ends.serve(EchoService.echo(), builder -> builder.maxConcurrentStreams(2));
        try (Http2Peer peer = client(server)) {
            for (int id = 1; id <= 5; id += 2) {
                peer.headers(id, request("Bidi"), false);
            }
            assertThat(peer.await(frame -> frame.type() == Frame.RST_STREAM).intAt(0))
                    .isEqualTo(7);
            peer.data(1, message("still here"), true);
            assertThat(ServerAgainstRawClientTest.replies(peer, 1)).isEqualTo(message("still here"));
        }
    }

    /** A client that takes header lists of up to 1,000 bytes. */
    private static Http2Peer frugalClient(Server server) throws IOException {
        Http2Peer peer = Http2Peer.connect(server.port());
        peer.preface();
        peer.settings(6, 1000);
        peer.await(Frame.SETTINGS, 0);
        peer.write(Frame.SETTINGS, Frame.ACK, 0);
        return peer;
    }

    private static final Map<String, String> LARGE = Map.of("large", "v".repeat(1000));
    private static final String TOO_LARGE = "header list of 11[0-9]{2} bytes, with 'large' of 1005 bytes the largest"
            + " \\(expected: less than 1000, the SETTINGS_MAX_HEADER_LIST_SIZE of the client\\)";

    @Test
    void anEntryThatTheCallerDoesNotTakeIsRefusedWhereTheHandlerOfAStreamSetsIt() throws Exception {
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        Server server = ends.serve(EchoService.bidi(stream -> {
            refused.add(catchThrowable(() -> stream.setHeader(LARGE)));
            refused.add(catchThrowable(() -> stream.sendHeader(LARGE)));
            refused.add(catchThrowable(() -> stream.setTrailer(LARGE)));
            stream.setHeader(Map.of("small", "h"));
            stream.setTrailer(Map.of("small", "t"));
            stream.send("fine");
        }));
        try (Http2Peer peer = frugalClient(server)) {
            peer.headers(1, request("Bidi"), true);
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry("small", "h");
            assertThat(peer.await(Frame.HEADERS, 1).headers())
                    .containsEntry("small", "t")
                    .containsEntry("grpc-status", "0");
        }
        assertThat(refused)
                .hasSize(3)
                .allSatisfy(thrown -> assertThat(thrown)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageMatching(TOO_LARGE));
    }

    @Test
    void aHandlerThatDoesNotCatchThatEndsItsCallWithAStatus() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> stream.sendHeader(LARGE)));
        try (Http2Peer peer = frugalClient(server)) {
            peer.headers(1, request("Bidi"), true);
            Frame end = peer.await(Frame.HEADERS, 1);
            assertThat(end.endsStream()).isTrue();
            assertThat(end.headers().get("grpc-status")).isNotEqualTo("0");
            assertThat(end.headers().get("grpc-message")).contains("'large' of 1005 bytes");
        }
    }

    @Test
    void trailersThatDoNotFitTogetherWithTheirStatusBecomeOneThatDoes() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> {
            stream.setTrailer(Map.of("most", "v".repeat(800)));
            throw new StatusException(5, "m".repeat(500), List.of(new StatusDetail("t", new byte[200])));
        }));
        try (Http2Peer peer = frugalClient(server)) {
            peer.headers(1, request("Bidi"), true);
            assertThat(peer.await(Frame.HEADERS, 1).headers())
                    .containsEntry("grpc-status", "5")
                    .doesNotContainKey("most")
                    .hasEntrySatisfying("grpc-message", text -> assertThat(text).startsWith("the trailers are of"));
        }
    }

    @Test
    void aHeaderListThatIsTooLargeIsAnsweredAndTheConnectionLivesOn() throws Exception {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.transportOptions(io.streamx.grpc.GrpcOptions.builder()
                        .maxHeaderListBytes(2000)
                        .build()));
        try (Http2Peer peer = client(server)) {
            Map<String, String> large = request("Bidi");
            large.put("x-large", "v".repeat(2100));
            peer.headers(1, large, true);
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsKey("grpc-status");
            peer.headers(3, request("Bidi"), false);
            peer.data(3, message("next"), true);
            assertThat(ServerAgainstRawClientTest.replies(peer, 3)).isEqualTo(message("next"));
        }
    }

    @Test
    void theWindowOfAStreamIsGivenBackAsItsHandlerReads() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        Server server = ends.serve(EchoService.bidi(stream -> {
            mayRead.await();
            while (stream.recv() != null) {
                // Only the window is of interest.
            }
        }));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            byte[] kilobytes = message("x".repeat(15_000));
            int sent = 0;
            while (sent + kilobytes.length < 262_144) {
                peer.data(1, kilobytes, false);
                sent += kilobytes.length;
            }
            peer.ping(5, false);
            peer.await(frame -> frame.type() == Frame.PING && frame.longAt(0) == 5);
            assertThat(peer.seen())
                    .noneMatch(frame -> frame.type() == Frame.WINDOW_UPDATE && frame.stream() == 1)
                    .anyMatch(frame -> frame.type() == Frame.WINDOW_UPDATE && frame.stream() == 0);
            mayRead.countDown();
            assertThat(peer.await(Frame.WINDOW_UPDATE, 1).intAt(0)).isGreaterThanOrEqualTo(131_072);
        }
    }

    @Test
    void aMessageLargerThanTheWindowIsLetInAtOnce() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            byte[] large = message("x".repeat(1_000_000));
            peer.data(1, Arrays.copyOf(large, 1000), false);
            assertThat(peer.await(Frame.WINDOW_UPDATE, 1).intAt(0)).isEqualTo(large.length - 262_144);
        }
    }

    /** Clients on nghttp2, such as Node's, say that a message was the last only while they may send a byte. */
    @Test
    void aCallerWhoseMessageUsedUpItsWindowMayEndItsRequest() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Say"), false);
            byte[] large = message("x".repeat(1_000_000));
            int sent = 0;
            while (sent < large.length) {
                int end = Math.min(large.length, sent + 16_000);
                peer.data(1, Arrays.copyOfRange(large, sent, end), false);
                sent = end;
            }
            assertThat(peer.await(Frame.WINDOW_UPDATE, 1).intAt(0)).isEqualTo(large.length - 262_144);
            assertThat(peer.await(Frame.WINDOW_UPDATE, 1).intAt(0)).isEqualTo(1);
            peer.data(1, new byte[0], true);
            peer.await(Frame.HEADERS, 1);
        }
    }

    @Test
    void dataBeyondTheWindowResetsTheStream() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> new CountDownLatch(1).await()));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            byte[] kilobytes = message("x".repeat(15_000));
            for (int i = 0; i < 18; i++) {
                peer.data(1, kilobytes, false);
            }
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(3);
        }
    }

    @Test
    void dataThatIsNotTakenWaitsForTheClientsWindow() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> stream.send("x".repeat(100_000))));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            int bytes = 0;
            while (bytes < 65_535) {
                bytes += peer.await(Frame.DATA, 1).payload().length;
            }
            assertThat(bytes).isEqualTo(65_535);
            peer.windowUpdate(0, 100_000);
            peer.windowUpdate(1, 100_000);
            peer.await(frame -> frame.type() == Frame.HEADERS && frame.endsStream());
        }
    }

    @Test
    void aCallerThatStopsReadingLosesItsStreamAfterTheSendTimeout() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Server server = ends.serve(
                EchoService.with(
                        stream -> {
                            seen.complete(catchThrowable(() -> {
                                while (true) {
                                    stream.send("x".repeat(10_000));
                                }
                            }));
                        },
                        request -> request),
                builder -> builder.sendTimeout(Duration.ofMillis(300)));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);

            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(8);
            assertThat(seen.get(10, TimeUnit.SECONDS)).hasMessageContaining("sendTimeout of the server");
            peer.windowUpdate(0, 1 << 20);
            peer.headers(3, request("Say"), false);
            peer.data(3, message("still here"), true);
            assertThat(peer.await(Frame.HEADERS, 3).headers()).containsEntry(":status", "200");
        }
    }
}
