package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.join;
import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallContext;
import io.streamx.Transport;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that is none costs itself, and the others of its connection nothing. */
@Timeout(60)
class MalformedRequestsTest {
    private static final long PROTOCOL_ERROR = 1;

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(request("Bidi"));
        headers.put(name, value);
        return headers;
    }

    private static void assertEcho(Http2Peer peer, int stream, String text) throws IOException {
        int seen = peer.seen().size();
        peer.data(stream, message(text), false);
        peer.play(frame -> peer.seen().size() > seen && frame.type() == Frame.DATA && frame.stream() == stream);
    }

    @ParameterizedTest
    @CsvSource({
        "connection, keep-alive",
        "te, gzip",
        "X-User, bob",
        "x user, bob",
        "x-user, a\u0001b",
        "x-user, 'a\nb'",
        ":unknown, x"
    })
    void framesUnderWayForItAreDroppedAndTheOtherStreamsGoOn(String name, String value) throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            assertEcho(peer, 1, "before");

            peer.headers(3, with(name, value), false);
            peer.data(3, message("under way"), false);
            peer.write(Frame.WINDOW_UPDATE, 0, 3, (byte) 0, (byte) 0, (byte) 0, (byte) 9);
            peer.data(3, message("under way"), true);
            assertThat(peer.await(Frame.RST_STREAM, 3).intAt(0)).isEqualTo((int) PROTOCOL_ERROR);

            assertEcho(peer, 1, "after");
            peer.headers(5, request("Bidi"), false);
            assertEcho(peer, 5, "anew");
        }
    }

    @Test
    void itsBytesAreGivenBackToTheConnection() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            byte[] chunk = new byte[16_384];
            int id = 3;
            // Twice the window of the connection, a quarter of a stream's window each.
            for (int sent = 0; sent < 2 << 20; sent += 4 * chunk.length, id += 2) {
                peer.headers(id, with("connection", "keep-alive"), false);
                for (int i = 0; i < 4; i++) {
                    peer.data(id, chunk, i == 3);
                }
                int stream = id;
                peer.play(frame -> frame.type() == Frame.RST_STREAM && frame.stream() == stream);
            }
            assertThat(peer.seen())
                    .filteredOn(frame -> frame.type() == Frame.WINDOW_UPDATE && frame.stream() == 0)
                    .hasSizeGreaterThan(1);
            assertEcho(peer, 1, "after");
        }
    }

    @Test
    void oneThatIsRefusedForTooManyStreamsIsResetAlone() throws Exception {
        Server server = ends.serve(EchoService.echo(), builder -> builder.maxConcurrentStreams(1));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            assertEcho(peer, 1, "before");
            peer.headers(3, request("Bidi"), false);
            peer.data(3, message("under way"), true);

            assertThat(peer.await(Frame.RST_STREAM, 3).intAt(0)).isEqualTo(7);
            assertEcho(peer, 1, "after");
        }
    }

    @Test
    void whiteSpaceAtTheEndsOfAValueIsStripped() throws Exception {
        Server server = ends.serve(EchoService.with(
                stream -> stream.send(
                        String.join("|", CallContext.current().metadata().values("x-user"))),
                request -> request));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, with("x-user", "\t bob b \t"), true);
            assertThat(peer.await(Frame.DATA, 1).payload()).isEqualTo(message("bob b"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "post"})
    void anyMethodButPostIsRefused(String method) throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, with(":method", method), true);
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry(":status", "405");
            assertThat(new String(peer.await(Frame.DATA, 1).payload(), StandardCharsets.UTF_8))
                    .isEqualTo(":method '" + method + "' (expected: POST)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Say", "Produce"})
    void aSecondRequestWhereOneIsExpectedIsUnimplemented(String method) throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request(method), false);
            peer.data(1, join(message("one"), message("two")), true);
            Frame end = peer.play(frame -> frame.stream() == 1 && frame.endsStream());
            assertThat(end.headers()).containsEntry("grpc-status", "12");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Say", "Produce"})
    void noRequestWhereOneIsExpectedIsUnimplemented(String method) throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request(method), true);
            Frame end = peer.play(frame -> frame.stream() == 1 && frame.endsStream());
            assertThat(end.headers()).containsEntry("grpc-status", "12");
        }
    }

    @Test
    void theGoAwayOfABrokenConnectionNamesTheLastStreamThatCame() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            peer.headers(3, request("Bidi"), false);
            assertEcho(peer, 3, "here");
            peer.write(Frame.PING, 0, 1, new byte[8]);

            Frame goAway = peer.await(Frame.GOAWAY, 0);
            assertThat(goAway.intAt(0)).isEqualTo(3);
            assertThat(goAway.intAt(4)).isEqualTo((int) PROTOCOL_ERROR);
        }
    }

    @Test
    void aTextOfAnyLengthReachesACallerThatTakesWhatCCoreDoes() throws Exception {
        Server server = ends.serve(
                EchoService.with(
                        stream -> {
                            throw new IllegalStateException("x".repeat(100_000));
                        },
                        request -> request),
                builder -> builder.transportOptions(GrpcOptions.builder()
                        .errorStyle(GrpcOptions.ErrorStyle.STANDARD)
                        .build()));
        try (Http2Peer peer = Http2Peer.connect(server.port())) {
            peer.preface();
            peer.settings(6, 16_384);
            peer.headers(1, request("Bidi"), true);
            Frame end = peer.play(frame -> frame.stream() == 1 && frame.endsStream());

            int size = end.headers().entrySet().stream()
                    .mapToInt(header ->
                            header.getKey().length() + header.getValue().length() + 32)
                    .sum();
            assertThat(end.headers()).containsEntry("grpc-status", "2");
            assertThat(size).isBetween(8_000, 8_191);
        }
    }

    @Test
    void streamsThatWereServedStayKnownWhenMalformedOnesFollow() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, with("connection", "close"), true);
            peer.await(Frame.RST_STREAM, 1);
            for (int id : List.of(3, 5)) {
                peer.headers(id, request("Bidi"), false);
                assertEcho(peer, id, "still here");
            }
        }
    }
}
