package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for a peer that does not open its windows, or does not read: it is counted, bounded, and given up in time. */
@Timeout(120)
class UntakenAnswersTest {
    private static final int INITIAL_WINDOW = 4;
    private static final int CANCEL = 8;
    private static final Duration SEND_TIMEOUT = Duration.ofMillis(400);
    private static final int LIMIT = 64 << 10;

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));
    private final CompletableFuture<ConnectionInfo> connection = new CompletableFuture<>();

    private final AtomicReference<ConnectionInfo> latest = new AtomicReference<>();

    private final ConnectionListener listener = new ConnectionListener() {
        @Override
        public void onOpen(ConnectionInfo opened) {
            connection.complete(opened);
            latest.set(opened);
        }
    };

    private ConnectionInfo newest() {
        return latest.get();
    }

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private Http2Peer withoutWindow(Server server) throws IOException {
        Http2Peer peer = Http2Peer.connect(server.port());
        peer.preface();
        peer.settings(INITIAL_WINDOW, 0);
        peer.await(frame -> frame.type() == Frame.SETTINGS && !frame.isAck());
        peer.write(Frame.SETTINGS, Frame.ACK, 0);
        return peer;
    }

    private ConnectionInfo opened() throws Exception {
        return connection.get(20, TimeUnit.SECONDS);
    }

    /** A peer may see the end of a stream before its connection has counted what the stream gave up. */
    private void awaitNothingUnsent() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (opened().unsentBytes() != 0) {
            assertThat(System.nanoTime()).as("nothing is unsent any more").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void call(Http2Peer peer, int stream, String method, String text) throws IOException {
        peer.headers(stream, request(method), false);
        peer.data(stream, message(text), true);
    }

    @Test
    void aUnaryReplyIsCountedWhileItWaitsAndGivenUpInTime() throws Exception {
        Server server = ends.serve(
                EchoService.with(stream -> {}, text -> "r".repeat(20_000)),
                builder -> builder.sendTimeout(SEND_TIMEOUT).connectionListener(listener));
        try (Http2Peer peer = withoutWindow(server)) {
            call(peer, 1, "Say", "x");
            peer.await(Frame.HEADERS, 1);
            assertThat(opened().unsentBytes()).isGreaterThan(20_000);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(CANCEL);
            awaitNothingUnsent();
            // The connection goes on.
            peer.windowUpdate(0, 1);
            call(peer, 3, "Say", "x");
            peer.await(Frame.HEADERS, 3);
            peer.windowUpdate(3, 40_000);
            peer.await(frame -> frame.stream() == 3 && frame.type() == Frame.HEADERS && frame.endsStream());
        }
    }

    @Test
    void soAreTheLastMessagesOfAStreamWhoseHandlerHasReturned() throws Exception {
        Server server = ends.serve(
                EchoService.bidi(stream -> stream.send("m".repeat(20_000))),
                builder -> builder.sendTimeout(SEND_TIMEOUT).connectionListener(listener));
        try (Http2Peer peer = withoutWindow(server)) {
            peer.headers(1, request("Bidi"), false);
            peer.await(Frame.HEADERS, 1);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(CANCEL);
            awaitNothingUnsent();
        }
    }

    @Test
    void aCallerThatTakesALittleInTimeGoesOn() throws Exception {
        // Longer than a busy machine may hold up this test between two steps.
        Duration limit = Duration.ofSeconds(3);
        Server server = ends.serve(
                EchoService.with(stream -> {}, text -> "r".repeat(30)), builder -> builder.sendTimeout(limit));
        try (Http2Peer peer = withoutWindow(server)) {
            call(peer, 1, "Say", "x");
            peer.await(Frame.HEADERS, 1);
            Frame last = null;
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 0; last == null; i++) {
                assertThat(i).isLessThan(100);
                // The reply takes eight such steps, longer than a caller has that takes nothing.
                assertThat(never.await(limit.toMillis() / 5, TimeUnit.MILLISECONDS))
                        .isFalse();
                peer.windowUpdate(1, 5);
                Frame next = peer.await(frame -> frame.stream() == 1);
                assertThat(next.type()).isNotEqualTo(Frame.RST_STREAM);
                last = next.payload().length < 5 ? next : null;
            }
        }
    }

    @Test
    void handlersWaitBeforeTheirRepliesAreMade() throws Exception {
        AtomicReference<CountDownLatch> ran = new AtomicReference<>(new CountDownLatch(1));
        Server server = ends.serve(
                EchoService.with(stream -> {}, text -> {
                    ran.get().countDown();
                    return "r".repeat(20_000);
                }),
                builder -> builder.buffers(16 << 10, LIMIT)
                        .sendTimeout(Duration.ofSeconds(60))
                        .connectionListener(listener));
        // While a class is loaded more threads run than there are processors.
        Client other = ends.connect(server);
        for (int i = 0; i < 50; i++) {
            assertThat(other.call(EchoService.SAY, "x", CallOptions.NONE)).hasSize(20_000);
        }
        CountDownLatch run = new CountDownLatch(20);
        ran.set(run);
        try (Http2Peer peer = withoutWindow(server)) {
            for (int i = 0; i < 20; i++) {
                call(peer, 2 * i + 1, "Say", "x");
            }
            assertThat(run.await(20, TimeUnit.SECONDS)).isTrue();
            // So many replies are made at once as there are processors, and may pass the limit. The others come when
            // there is room.
            long bound = LIMIT + 20_100L * Runtime.getRuntime().availableProcessors();
            for (int i = 0; i < 20; i++) {
                assertThat(newest().unsentBytes()).isLessThanOrEqualTo(bound);
                peer.windowUpdate(0, 21_000);
                int next = i;
                Frame answered = peer.seen().stream()
                        .filter(frame -> frame.type() == Frame.HEADERS && !isWindowOpen(frame.stream()))
                        .findFirst()
                        .orElse(null);
                int stream = answered != null
                        ? answered.stream()
                        : peer.await(frame -> frame.type() == Frame.HEADERS && !isWindowOpen(frame.stream())).stream();
                windows.put(stream, next);
                peer.windowUpdate(stream, 40_000);
                peer.await(frame -> frame.stream() == stream && frame.type() == Frame.HEADERS && frame.endsStream());
            }
        }
        assertThat(windows).hasSize(20);
    }

    private final Map<Integer, Integer> windows = new HashMap<>();

    private boolean isWindowOpen(int stream) {
        return windows.containsKey(stream);
    }

    @Test
    void headsOfRunningCallsAreBounded() throws Exception {
        Server server = ends.serve(
                EchoService.bidi(stream -> new CountDownLatch(1).await()), builder -> builder.buffers(16 << 10, LIMIT));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            Map<String, String> head = request("Bidi");
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                head.put("x-large", i + "h".repeat(5_000));
                peer.headers(2 * i + 1, head, false);
            }
            peer.ping(7, false);
            Frame next =
                    peer.await(frame -> frame.type() == Frame.HEADERS || frame.isAck() && frame.type() == Frame.PING);
            String text = "";
            while (next.type() == Frame.HEADERS) {
                refused++;
                assertThat(next.headers()).containsEntry("grpc-status", "8");
                text = String.valueOf(next.headers().get("grpc-message"));
                next = peer.await(
                        frame -> frame.type() == Frame.HEADERS || frame.isAck() && frame.type() == Frame.PING);
            }
            assertThat(refused).isBetween(5, 12);
            assertThat(text).contains("expected: at most " + LIMIT + " bytes");
            // When a call has ended there is room for another one.
            peer.reset(1, CANCEL);
            peer.headers(101, head, false);
            peer.ping(8, false);
            assertThat(peer.await(frame -> frame.type() == Frame.HEADERS || frame.type() == Frame.PING)
                            .type())
                    .isEqualTo(Frame.PING);
        }
    }

    @Test
    void requestsThatAreWholeAndDoNotEndAreBounded() throws Exception {
        Server server = ends.serve(
                EchoService.echo(), builder -> builder.buffers(64 << 10, LIMIT).stallTimeout(Duration.ofMillis(300)));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            byte[] whole = message("x".repeat(10_000));
            for (int i = 0; i < 20; i++) {
                peer.headers(2 * i + 1, request(i % 2 == 0 ? "Say" : "Produce"), false);
                if (i < 6) {
                    peer.data(2 * i + 1, whole, false);
                }
            }
            for (int i = 6; i < 10; i++) {
                peer.data(2 * i + 1, whole, false);
            }
            // SETTINGS make the windows narrow, and then those that hold most are given up.
            Frame end = peer.play(frame -> frame.type() == Frame.HEADERS && frame.endsStream());
            assertThat(end.headers()).containsEntry("grpc-status", "8");
        }
    }
}
