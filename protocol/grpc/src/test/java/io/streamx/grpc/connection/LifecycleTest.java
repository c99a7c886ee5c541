package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections end. docs/protocol/grpc.md "11. Keepalive and age" and "12. Graceful stop". */
@Timeout(60)
class LifecycleTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static Thread closing(Server server) {
        return Thread.startVirtualThread(server::close);
    }

    private static String debug(Frame goAway) {
        return new String(goAway.payload(), 8, goAway.payload().length - 8, StandardCharsets.UTF_8);
    }

    @Test
    void aClosingServerAnnouncesItAndTakesWhatIsUnderWay() throws Exception {
        Server server = ends.serve(EchoService.echo(), builder -> builder.shutdownWindow(Duration.ofSeconds(30)));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            peer.data(1, message("one"), false);
            peer.await(Frame.DATA, 1);
            Thread closer = closing(server);
            Frame first = peer.await(Frame.GOAWAY, 0);
            assertThat(first.intAt(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(first.intAt(4)).isZero();
            assertThat(debug(first)).isEqualTo("graceful shutdown");
            Frame ping = peer.await(Frame.PING, 0);
            // Opened before the client has read the announcement.
            peer.headers(3, request("Bidi"), false);
            peer.data(3, message("two"), true);
            peer.ping(ping.longAt(0), true);
            Frame second = peer.await(Frame.GOAWAY, 0);
            assertThat(second.intAt(0)).isEqualTo(3);
            peer.headers(5, request("Bidi"), false);
            peer.data(1, new byte[0], true);
            peer.await(frame -> frame.type() == Frame.HEADERS && frame.stream() == 1 && frame.endsStream());
            peer.awaitClose();
            assertThat(peer.seen())
                    .anyMatch(frame -> frame.type() == Frame.HEADERS && frame.stream() == 3 && frame.endsStream())
                    .noneMatch(frame -> frame.type() == Frame.HEADERS && frame.stream() == 5);
            closer.join();
        }
    }

    @Test
    void row50CallsThatDoNotEndInTimeAreResetAndTheirHandlersTold() throws Exception {
        CompletableFuture<StatusException> seen = new CompletableFuture<>();
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    try {
                        stream.recv();
                    } catch (StatusException e) {
                        seen.complete(e);
                        throw e;
                    }
                }),
                builder -> builder.shutdownWindow(Duration.ofMillis(200)));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            Thread closer = closing(server);
            Frame ping = peer.await(Frame.PING, 0);
            peer.ping(ping.longAt(0), true);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(1000);
            peer.awaitClose();
            closer.join();
        }
        assertThat(seen.get(10, TimeUnit.SECONDS).code()).isEqualTo(14);
        assertThat(seen.join().statusMessage()).isEqualTo("graceful shutdown");
    }

    @Test
    void noCallIsLostWhenAServerCloses() throws Exception {
        Server first = ends.serve(EchoService.echo(), builder -> builder.shutdownWindow(Duration.ofSeconds(30)));
        Client client = ends.connect(first, builder -> {});
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(8);
        for (int caller = 0; caller < 8; caller++) {
            CompletableFuture<Void> result = new CompletableFuture<>();
            callers.add(result);
            Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 300; i++) {
                        client.call(EchoService.SAY, "x", CallOptions.NONE);
                        done.incrementAndGet();
                        begun.countDown();
                    }
                    result.complete(null);
                } catch (io.streamx.RpcException connectFailed) {
                    // Nobody listens there any more: such a call was never made.
                    if (String.valueOf(connectFailed.getMessage()).contains("cannot connect")) {
                        result.complete(null);
                    } else {
                        result.completeExceptionally(connectFailed);
                    }
                } catch (Throwable t) {
                    result.completeExceptionally(t);
                }
            });
        }
        begun.await();
        first.close();
        CompletableFuture.allOf(callers.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        assertThat(done).hasValueGreaterThanOrEqualTo(8);
    }

    @Test
    void noCallIsLostWhenConnectionsGrowOld() {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.transportOptions(GrpcOptions.builder()
                        .maxConnectionAge(Duration.ofMillis(30))
                        .build()));
        Client client = ends.connect(server);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        int calls = 0;
        while (System.nanoTime() < until) {
            assertThat(client.call(EchoService.SAY, "x" + calls, CallOptions.NONE))
                    .isEqualTo("x" + calls);
            calls++;
        }
    }

    @Test
    void aConnectionThatIsTooOldIsClosedAfterItsGrace() throws Exception {
        Server server = ends.serve(
                EchoService.bidi(stream -> stream.recv()),
                builder -> builder.transportOptions(GrpcOptions.builder()
                        .maxConnectionAge(Duration.ofMillis(50))
                        .maxConnectionAgeGrace(Duration.ofMillis(50))
                        .build()));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            assertThat(debug(peer.await(Frame.GOAWAY, 0))).isEqualTo("ageTimeout");
            peer.awaitClose();
        }
    }

    @Test
    void anIdleConnectionIsEnded() throws Exception {
        Server server = ends.serve(EchoService.echo(), builder -> builder.idleTimeout(Duration.ofMillis(100)));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            assertThat(debug(peer.await(Frame.GOAWAY, 0))).isEqualTo("idleTimeout");
            Frame ping = peer.await(Frame.PING, 0);
            peer.ping(ping.longAt(0), true);
            assertThat(peer.awaitClose()).isZero();
        }
    }

    @Test
    void aClientThatDoesNotAnswerPingsIsGone() throws Exception {
        CompletableFuture<StatusException> seen = new CompletableFuture<>();
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    try {
                        stream.recv();
                    } catch (StatusException e) {
                        seen.complete(e);
                        throw e;
                    }
                }),
                builder -> builder.transportOptions(GrpcOptions.builder()
                        .keepAliveTime(Duration.ofMillis(50))
                        .keepAliveTimeout(Duration.ofMillis(50))
                        .build()));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            peer.await(Frame.PING, 0);
            peer.awaitClose();
        }
        assertThat(seen.get(10, TimeUnit.SECONDS).statusMessage()).contains("keepAliveTimeout");
    }

    @Test
    void theWindowsGrowWithWhatComesFast() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> {
            while (stream.recv() != null) {
                // Only the window is of interest.
            }
        }));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            byte[] kilobytes = message("x".repeat(15_000));
            peer.data(1, kilobytes, false);
            Frame ping = peer.await(frame -> frame.type() == Frame.PING && frame.longAt(0) == WindowEstimator.PING);
            // The network holds a whole window while the ping travels.
            int sent = kilobytes.length;
            int streamWindow = 262_144 - kilobytes.length;
            while (sent < 900_000) {
                if (streamWindow < kilobytes.length) {
                    streamWindow += peer.await(Frame.WINDOW_UPDATE, 1).intAt(0);
                }
                peer.data(1, kilobytes, false);
                streamWindow -= kilobytes.length;
                sent += kilobytes.length;
            }
            peer.ping(ping.longAt(0), true);
            Frame settings = peer.await(Frame.SETTINGS, 0);
            assertThat(settings.settings().get(4)).isEqualTo(2 * sent);
        }
    }
}
