package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.message;
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
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client does at the limits that a server sets, and when the server goes. */
@Timeout(60)
class ClientLimitsTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));
    private ServerSocket listener;
    private Client client;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        client = ends.connect(listener.getLocalPort(), plain -> {});
    }

    @AfterEach
    void close() throws Exception {
        listener.close();
        ends.close();
    }

    /** The server of the next connection, greeted. */
    private Http2Peer server() throws IOException {
        Http2Peer peer = Http2Peer.accept(listener);
        peer.settings();
        // The client's acknowledgement of SETTINGS is not waited for: a request that came before it would be passed
        // over.
        return peer;
    }

    private static StatusException failure(BidiStreamingClient<String, String> stream) {
        Throwable thrown = catchThrowable(stream::recv);
        assertThat(thrown).isInstanceOf(StatusException.class);
        return (StatusException) thrown;
    }

    // ---- limits ----

    @Test
    void streamsBeyondWhatTheServerAllowsWait() throws Exception {
        client.warmUp();
        Http2Peer peer = Http2Peer.accept(listener);
        peer.settings(3, 1);
        peer.await(frame -> frame.type() == Frame.SETTINGS && frame.isAck());
        try (peer;
                var first = EchoService.bidi(client);
                var second = EchoService.bidi(client)) {
            peer.await(Frame.HEADERS, 1);
            second.send("waits");
            var cancelled = EchoService.bidi(client);
            cancelled.cancel("not needed");
            peer.headers(1, response(), false);
            peer.headers(1, trailers(0, ""), true);
            assertThat(first.recv()).isNull();
            peer.await(Frame.HEADERS, 3);
            assertThat(peer.await(Frame.DATA, 3).payload()).isEqualTo(message("waits"));
            assertThat(peer.seen())
                    .noneMatch(frame -> frame.stream() == 5)
                    .noneMatch(frame -> frame.type() == Frame.RST_STREAM && frame.stream() == 3);
        }
    }

    @Test
    void sendWaitsForTheServersWindow() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread sender = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 100; i++) {
                    stream.send("x".repeat(10_000));
                }
                sent.complete(null);
            });
            int bytes = 0;
            while (bytes < 65_535) {
                bytes += peer.await(Frame.DATA, 1).payload().length;
            }
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(sent).isNotDone();
            peer.windowUpdate(0, 2_000_000);
            peer.windowUpdate(1, 2_000_000);
            while (bytes < 1_000_000) {
                bytes += peer.await(Frame.DATA, 1).payload().length;
            }
            sent.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aHeaderListThatTheServerDoesNotTakeIsNotSent() throws Exception {
        client.warmUp();
        Http2Peer peer = Http2Peer.accept(listener);
        peer.settings(6, 1000);
        peer.await(frame -> frame.type() == Frame.SETTINGS && frame.isAck());
        try (peer) {
            CallOptions large = CallOptions.NONE.withPersistent("LARGE", "v".repeat(1000));
            assertTooLarge(catchThrowable(() -> client.bidiStreaming(EchoService.BIDI, large)));
            assertTooLarge(catchThrowable(() -> client.call(EchoService.SAY, "hello", large)));
            try (var next = EchoService.bidi(client)) {
                peer.await(Frame.HEADERS, 1);
                peer.headers(1, response(), false);
                peer.data(1, message("fine"), false);
                assertThat(next.recv()).isEqualTo("fine");
            }
        }
    }

    private static void assertTooLarge(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(13))
                .hasMessageMatching(".*header list of 1[0-9]{3} bytes, with 'rpc-persist-large' of 1017 bytes the"
                        + " largest \\(expected: less than 1000, the SETTINGS_MAX_HEADER_LIST_SIZE of the server\\)");
    }

    // ---- GOAWAY ----

    @Test
    void afterGoAwayNewStreamsGoToANewConnection() throws Exception {
        try (var first = EchoService.bidi(client);
                Http2Peer old = server()) {
            old.await(Frame.HEADERS, 1);
            old.goAway(Integer.MAX_VALUE, 0, "graceful shutdown");
            old.ping(42, false);
            old.await(frame -> frame.type() == Frame.PING && frame.isAck() && frame.longAt(0) == 42);
            try (var second = EchoService.bidi(client);
                    Http2Peer fresh = server()) {
                fresh.await(Frame.HEADERS, 1);
                fresh.headers(1, response(), false);
                fresh.data(1, message("new"), false);
                assertThat(second.recv()).isEqualTo("new");
            }
            old.goAway(1, 0, "graceful shutdown");
            old.headers(1, response(), false);
            old.data(1, message("old"), false);
            old.headers(1, trailers(0, ""), true);
            assertThat(first.recv()).isEqualTo("old");
            assertThat(first.recv()).isNull();
            // The old connection has no call left, so that the client closes it.
            old.awaitClose();
        }
    }

    @Test
    void streamsAboveTheLastIdAreToldThatTheyWereNotProcessed() throws Exception {
        try (var first = EchoService.bidi(client);
                Http2Peer peer = server();
                var second = EchoService.bidi(client)) {
            peer.await(Frame.HEADERS, 3);
            peer.goAway(1, 0, "full");
            StatusException failure = failure(second);
            assertThat(failure.code()).isEqualTo(14);
            peer.headers(1, response(), false);
            peer.data(1, message("processed"), false);
            assertThat(first.recv()).isEqualTo("processed");
        }
    }
}
