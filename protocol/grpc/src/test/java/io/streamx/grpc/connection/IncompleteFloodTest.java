package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.request;
import static io.streamx.grpc.connection.Http2Peer.response;
import static io.streamx.grpc.connection.Http2Peer.trailers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingClient;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that begin messages and do not end them, and honest ones that have many under way. docs/protocol/grpc.md
 * "10. Flow control".
 */
@Timeout(120)
class IncompleteFloodTest {
    private static final int CONNECTION_BYTES = 8 << 20;
    private static final int CONNECTION_WINDOW = 1 << 20;
    private static final int STREAM_WINDOW = 256 * 1024;
    private static final int MESSAGE_BYTES = 16 << 20;
    private static final int FRAME_BYTES = 16 * 1024;
    /** What such streams could hold by their windows alone is 64 MiB. */
    private static final int STREAMS = 256;

    private static final Duration STALL_TIMEOUT = Duration.ofMillis(500);

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    /** Begins a message on each of many streams, and sends of each as much as all windows together allow. */
    private static final class Flood {
        private final Http2Peer peer;
        private final boolean acknowledging;
        private final int window;
        private final int[] left = new int[2 * STREAMS];
        private long connection = 65_535;
        private long sent;
        private boolean narrow;
        private Frame end;

        Flood(Http2Peer peer, boolean acknowledging, int window) {
            this.peer = peer;
            this.acknowledging = acknowledging;
            this.window = window;
            Arrays.fill(left, window);
        }

        /** Until a stream is ended that the flood holds open. */
        Frame untilEnded(int first) throws IOException {
            byte[] piece = new byte[FRAME_BYTES];
            byte[] begin = ByteBuffer.allocate(FRAME_BYTES)
                    .put((byte) 0)
                    .putInt(MESSAGE_BYTES)
                    .array();
            int stream = first;
            while (end == null) {
                boolean full = stream >= left.length;
                if (full || narrow || connection < FRAME_BYTES) {
                    look(peer.read());
                } else if (left[stream] < FRAME_BYTES) {
                    stream += 2;
                } else {
                    peer.data(stream, left[stream] == window ? begin : piece, false);
                    left[stream] -= FRAME_BYTES;
                    connection -= FRAME_BYTES;
                    sent += FRAME_BYTES;
                }
            }
            return end;
        }

        private void look(Frame frame) throws IOException {
            assertThat(frame).as("the connection lives on").isNotNull();
            switch (frame.type()) {
                case Frame.WINDOW_UPDATE -> {
                    if (frame.stream() == 0) {
                        connection += frame.intAt(0);
                    }
                }
                case Frame.SETTINGS -> {
                    if (!frame.isAck()) {
                        Integer announced = frame.settings().get(4);
                        narrow |= announced != null && announced < window;
                        if (acknowledging) {
                            peer.write(Frame.SETTINGS, Frame.ACK, 0);
                        }
                    }
                }
                case Frame.PING -> {
                    // Not answered: what the connection may take is not to grow.
                }
                case Frame.HEADERS -> end = frame.endsStream() ? frame : end;
                case Frame.RST_STREAM -> end = frame;
                default -> {}
            }
        }
    }

    private void assertBounded(Flood flood) {
        // Memory for messages is taken in doubling steps, so that as few as half of their bytes may have come.
        assertThat(flood.sent)
                .isBetween(CONNECTION_BYTES / 2L - CONNECTION_WINDOW, (long) CONNECTION_BYTES + CONNECTION_WINDOW);
    }

    @ParameterizedTest(name = "acknowledging {0}")
    @ValueSource(booleans = {true, false})
    void messagesThatAClientBeginsAndDoesNotEndAreGivenUp(boolean acknowledging) throws Exception {
        Server server = ends.serve(EchoService.echo(), builder -> builder.stallTimeout(STALL_TIMEOUT));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                peer.headers(stream, request(stream % 4 == 1 ? "Bidi" : "Say"), false);
            }
            Flood flood = new Flood(peer, acknowledging, STREAM_WINDOW);
            Frame end = flood.untilEnded(1);
            assertBounded(flood);
            assertThat(end.headers())
                    .containsEntry("grpc-status", "8")
                    .hasEntrySatisfying(
                            "grpc-message",
                            text -> assertThat(text)
                                    .contains("bytes are missing")
                                    .contains("expected: at most " + CONNECTION_BYTES));
            peer.await(frame -> frame.type() == Frame.SETTINGS
                    && !frame.isAck()
                    && frame.settings().containsValue(STREAM_WINDOW));
            // The rest of the connection goes on.
            int next = 2 * STREAMS + 1;
            peer.headers(next, request("Bidi"), false);
            peer.data(next, message("still here"), true);
            peer.await(frame -> frame.type() == Frame.HEADERS && frame.stream() == next && frame.endsStream());
        }
    }

    @Test
    void messagesThatAServerBeginsAndDoesNotEndAreGivenUp() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            Client client = ends.connect(listener.getLocalPort(), builder -> builder.stallTimeout(STALL_TIMEOUT));
            List<BidiStreamingClient<String, String>> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(EchoService.bidi(client));
            }
            try (Http2Peer peer = Http2Peer.accept(listener)) {
                peer.settings();
                peer.await(Frame.HEADERS, 2 * STREAMS - 1);
                for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
                    peer.headers(stream, response(), false);
                }
                Flood flood = new Flood(peer, true, STREAM_WINDOW);
                for (Frame frame : peer.seen()) {
                    flood.look(frame);
                }
                Frame end = flood.untilEnded(1);
                assertBounded(flood);
                assertThat(end.type()).isEqualTo(Frame.RST_STREAM);
                Throwable failure = catchThrowable(streams.get(end.stream() / 2)::recv);
                assertThat(failure)
                        .isInstanceOfSatisfying(
                                StatusException.class,
                                status -> assertThat(status.code()).isEqualTo(8))
                        .hasMessageContaining("messages that the server began and did not end held")
                        .hasMessageContaining("came for 500ms");
                peer.headers(2 * STREAMS - 1, trailers(0, ""), true);
                assertThat(catchThrowable(streams.getLast()::recv)).isNull();
            }
            streams.forEach(BidiStreamingClient::close);
        }
    }

    @Test
    void messagesCutShortAreNotKeptForHandlersThatDoNotReceiveThem() throws Exception {
        Server server = ends.serve(
                EchoService.bidi(stream -> new CountDownLatch(1).await()),
                builder -> builder.buffers(64 * 1024, 100_000));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            byte[] half = Arrays.copyOf(message("x".repeat(30_000)), FRAME_BYTES);
            for (int i = 0; i < 50; i++) {
                peer.headers(2 * i + 1, request("Bidi"), false);
                peer.data(2 * i + 1, half, true);
            }
            peer.ping(7, false);
            peer.await(frame -> frame.type() == Frame.PING && frame.isAck());
            assertThat(announcements(peer)).isEqualTo(1);
        }
    }

    @Test
    void theFirstBytesOfManyLargeMessagesTakeLittle() throws Exception {
        int many = 5000;
        Server server = ends.serve(EchoService.echo(), builder -> builder.stallTimeout(STALL_TIMEOUT));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            byte[] begin =
                    ByteBuffer.allocate(6).put((byte) 0).putInt(MESSAGE_BYTES).array();
            for (int i = 0; i < many; i++) {
                peer.headers(2 * i + 1, request("Bidi"), false);
                peer.data(2 * i + 1, begin, false);
            }
            peer.headers(2 * many + 1, request("Bidi"), false);
            peer.data(2 * many + 1, message("hello"), true);
            peer.await(frame -> frame.stream() == 2 * many + 1 && frame.endsStream());
            // Neither were windows narrowed nor streams given up: there was no need.
            assertThat(announcements(peer)).isEqualTo(1);
        }
    }

    @Test
    void aLargeMessageThatDoesNotComeHoldsUpAnotherForTheStallTimeoutOnly() throws Exception {
        Server server = ends.serve(EchoService.echo(), builder -> builder.stallTimeout(STALL_TIMEOUT));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            byte[] honest = message("x".repeat(600_000));
            peer.headers(1, request("Bidi"), false);
            peer.data(1, new byte[] {0, 0, (byte) 0xff, 0, 0, 1}, false);
            assertThat(peer.await(Frame.WINDOW_UPDATE, 1).intAt(0)).isEqualTo(0xff_0000 - 1 - (STREAM_WINDOW - 6));
            peer.headers(3, request("Bidi"), false);
            peer.data(3, Arrays.copyOf(honest, FRAME_BYTES), false);
            // Let in as soon as the first one is given up, whose handler then answers.
            peer.await(Frame.WINDOW_UPDATE, 3);
            Frame end = peer.await(Frame.HEADERS, 1);
            assertThat(end.headers())
                    .containsEntry("grpc-status", "8")
                    .hasEntrySatisfying(
                            "grpc-message",
                            text -> assertThat(text)
                                    .contains("came for 500ms while another large message of the client waited"));
            for (int at = FRAME_BYTES; at < honest.length; at += FRAME_BYTES) {
                peer.data(3, Arrays.copyOfRange(honest, at, Math.min(honest.length, at + FRAME_BYTES)), false);
            }
            assertThat(peer.await(Frame.DATA, 3).payload()).startsWith(Arrays.copyOf(honest, 100));
        }
    }

    private static long announcements(Http2Peer peer) {
        return peer.seen().stream()
                .filter(frame -> frame.type() == Frame.SETTINGS && !frame.isAck())
                .count();
    }

    @Test
    void windowsThatGoToAndFroAreNoFloodOfSettings() throws Exception {
        int rounds = 50;
        // Four of these go beyond a limit of 20,000 bytes, and ending them frees all of it.
        byte[] large = message("x".repeat(30_000));
        byte[] begin = Arrays.copyOf(large, 5_000);
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.buffers(64 * 1024, 20_000).stallTimeout(Duration.ofSeconds(60)));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            int stream = 1;
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < 4; i++) {
                    peer.headers(stream + 2 * i, request("Bidi"), false);
                    peer.data(stream + 2 * i, begin, false);
                }
                for (int i = 0; i < 4; i++) {
                    peer.reset(stream + 2 * i, 8);
                }
                stream += 8;
            }
            peer.ping(7, false);
            peer.await(frame -> frame.type() == Frame.PING && frame.isAck());
            assertThat(announcements(peer)).isBetween(2L, 2L * rounds - 1);
        }
    }

    @Test
    void manyHonestMessagesThatDoNotFitTogetherAllArrive() throws Exception {
        int calls = 200;
        String text = "x".repeat(500_000);
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.buffers(64 * 1024, 1 << 20).stallTimeout(Duration.ofSeconds(60)));
        Client client = ends.connectNow(
                server, builder -> builder.buffers(64 * 1024, 1 << 20).stallTimeout(Duration.ofSeconds(60)));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                replies.add(CompletableFuture.supplyAsync(
                        () -> client.call(EchoService.SAY, text, CallOptions.NONE), callers));
            }
            for (CompletableFuture<String> reply : replies) {
                assertThat(reply.get(100, TimeUnit.SECONDS)).hasSize(text.length());
            }
        }
    }
}
