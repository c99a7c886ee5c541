package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.join;
import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Our server and a client that writes frame by frame. Rows of docs/protocol/semantics.md "12. Situations", sections of
 * docs/protocol/grpc.md.
 */
@Timeout(60)
class ServerAgainstRawClientTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private Http2Peer client(Server server) throws IOException {
        return Http2Peer.greet(server.port());
    }

    // ---- opening ----

    @Test
    void settingsAnnounceTheLimits() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.connect(server.port())) {
            peer.preface();
            peer.settings();
            Frame settings = peer.await(Frame.SETTINGS, 0);
            assertThat(settings.settings())
                    .containsEntry(3, 10_000)
                    .containsEntry(4, 262_144)
                    .containsEntry(6, 262_144);
            assertThat(peer.await(Frame.WINDOW_UPDATE, 0).intAt(0)).isEqualTo((1 << 20) - 65_535);
        }
    }

    @Test
    void aFirstFrameThatIsNotSettingsEndsTheConnection() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.connect(server.port())) {
            peer.preface();
            peer.ping(1, false);
            assertThat(peer.awaitClose()).isEqualTo(1);
        }
    }

    // ---- messages ----

    @Test
    void severalMessagesInAFrameAreRepliedToInOne() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            peer.data(1, join(message("a"), message("b"), message("c")), true);
            assertThat(replies(peer, 1)).isEqualTo(join(message("a"), message("b"), message("c")));
        }
    }

    @Test
    void aMessageInManyFramesAndPaddingIsRead() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            byte[] bytes = message("hello");
            for (byte one : bytes) {
                peer.write(Frame.DATA, Frame.PADDED, 1, (byte) 3, one, (byte) 0, (byte) 0, (byte) 0);
            }
            peer.data(1, new byte[0], true);
            assertThat(replies(peer, 1)).isEqualTo(bytes);
        }
    }

    /** All DATA of a stream until its trailers, which say that it ended well. */
    static byte[] replies(Http2Peer peer, int stream) throws IOException {
        Frame end = peer.play(frame -> frame.type() == Frame.HEADERS && frame.stream() == stream && frame.endsStream());
        assertThat(end.headers()).containsEntry("grpc-status", "0").containsEntry("grpc-message", "");
        return join(peer.seen().stream()
                .filter(frame -> frame.type() == Frame.DATA && frame.stream() == stream)
                .map(Frame::payload)
                .toArray(byte[][]::new));
    }

    @Test
    void row75HeadersThatEndTheStreamAreAnswered() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), true);
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry("grpc-status", "0");
            peer.headers(3, request("Say"), true);
            assertThat(peer.await(Frame.HEADERS, 3).headers())
                    .containsEntry("grpc-status", "12")
                    .hasEntrySatisfying("grpc-message", text -> assertThat(text).contains("EOF"));
        }
    }

    @Test
    void aUnaryRequestCutShortIsAnswered() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Say"), false);
            peer.data(1, Arrays.copyOf(message("hello"), 8), true);
            assertThat(peer.await(Frame.HEADERS, 1).headers())
                    .containsEntry("grpc-status", "13")
                    .hasEntrySatisfying("grpc-message", text -> assertThat(text).contains("unexpected EOF"));
        }
    }

    @Test
    void anOversizedMessageFailsItsStreamAloneAndItsSenderIsTold() throws Exception {
        Server server = ends.serve(EchoService.echo(), builder -> builder.maxMessageBytes(1000));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            peer.headers(3, request("Bidi"), false);
            peer.data(1, message("x".repeat(2000)), false);
            peer.data(3, message("small"), false);
            Frame first = peer.await(frame -> frame.type() == Frame.HEADERS && frame.stream() == 1);
            assertThat(first.headers())
                    .containsEntry("grpc-status", "8")
                    .hasEntrySatisfying("grpc-message", text -> assertThat(text).contains("1000"));
            peer.data(3, new byte[0], true);
            assertThat(replies(peer, 3)).isEqualTo(message("small"));
        }
    }

    @Test
    void row73TrailersBeforeTheRequestsEndAreFollowedByAReset() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> stream.send("early")));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            peer.await(frame -> frame.type() == Frame.HEADERS && frame.stream() == 1 && frame.endsStream());
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isZero();
            // What was under way is no reason to reset the stream once more, or the connection.
            peer.data(1, message("late"), false);
            peer.ping(7, false);
            Frame answer = peer.await(frame -> frame.type() == Frame.PING || frame.type() == Frame.RST_STREAM);
            assertThat(answer.type()).isEqualTo(Frame.PING);
        }
    }

    @Test
    void aResponseThatIsOnlyTrailersIsOneFrame() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> {
            throw new StatusException(5, "nothing");
        }));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            Frame only = peer.await(Frame.HEADERS, 1);
            assertThat(only.endsStream()).isTrue();
            assertThat(only.headers())
                    .containsEntry(":status", "200")
                    .containsEntry("content-type", "application/grpc+thrift")
                    .containsEntry("grpc-status", "5");
        }
    }

    @Test
    void row46UnknownNamesAreAnsweredAndTheServiceIsNotGuessed() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            Map<String, String> other = request("Bidi");
            other.put(":path", "/echo.Other/Bidi");
            peer.headers(1, other, false);
            assertThat(peer.await(Frame.HEADERS, 1).headers())
                    .containsEntry("grpc-status", "20")
                    .containsEntry("grpc-message", "unknown service Other");
            peer.headers(3, request("Missing"), false);
            assertThat(peer.await(Frame.HEADERS, 3).headers())
                    .containsEntry("grpc-status", "1")
                    .containsEntry("grpc-message", "unknown method Missing");
        }
    }

    @Test
    void row52AThriftMethodCalledWithProtobufIsRefused() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            Map<String, String> plain = request("Bidi");
            plain.put("content-type", "application/grpc");
            peer.headers(1, plain, false);
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry("grpc-status", "13");
        }
    }

    @Test
    void aRequestThatIsNotGrpcIsAnsweredAsHttp() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = client(server)) {
            Map<String, String> html = request("Bidi");
            html.put("content-type", "text/html");
            peer.headers(1, html, false);
            assertThat(peer.await(Frame.HEADERS, 1).headers())
                    .containsEntry(":status", "415")
                    .containsEntry("content-type", "text/plain; charset=utf-8");
            Frame text = peer.await(Frame.DATA, 1);
            assertThat(new String(text.payload(), StandardCharsets.UTF_8))
                    .contains("text/html")
                    .contains("expected: application/grpc");
            assertThat(text.endsStream()).isTrue();
        }
    }

    // ---- cancel and deadline ----

    @Test
    void row47TheHandlerIsInterruptedAtTheDeadlineAndTheCallerNotAnsweredAtOnce() throws Exception {
        CompletableFuture<StatusException> seen = new CompletableFuture<>();
        Server server = ends.serve(EchoService.bidi(stream -> {
            try {
                stream.recv();
            } catch (StatusException e) {
                seen.complete(e);
                throw e;
            }
        }));
        try (Http2Peer peer = client(server)) {
            Map<String, String> limited = request("Bidi");
            limited.put("grpc-timeout", "20m");
            peer.headers(1, limited, false);
            StatusException failure = seen.get(10, TimeUnit.SECONDS);
            assertThat(failure.code()).isEqualTo(4);
            peer.ping(9, false);
            assertThat(peer.await(frame -> frame.stream() == 1 || frame.type() == Frame.PING)
                            .type())
                    .isEqualTo(Frame.PING);
            // A caller without a clock of its own hears of it in the end.
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry("grpc-status", "4");
        }
    }

    @Test
    void row71AHandlerLearnsThatItsConnectionIsLost() throws Exception {
        CompletableFuture<StatusException> seen = new CompletableFuture<>();
        CountDownLatch running = new CountDownLatch(1);
        Server server = ends.serve(EchoService.bidi(stream -> {
            running.countDown();
            try {
                stream.recv();
            } catch (StatusException e) {
                seen.complete(e);
                throw e;
            }
        }));
        try (Http2Peer peer = client(server)) {
            peer.headers(1, request("Bidi"), false);
            running.await();
        }
        assertThat(seen.get(10, TimeUnit.SECONDS).code()).isEqualTo(1);
    }
}
