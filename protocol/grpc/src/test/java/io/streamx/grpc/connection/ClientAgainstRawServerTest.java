package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.join;
import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.response;
import static io.streamx.grpc.connection.Http2Peer.trailers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingClient;
import io.streamx.RecvTimeout;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our client and a server that writes frame by frame. Rows of docs/protocol/semantics.md "12. Situations", sections of
 * docs/protocol/grpc.md.
 */
@Timeout(60)
class ClientAgainstRawServerTest {
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

    // ---- opening ----

    @Test
    void theRequestIsAsKitexSendsIt() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = Http2Peer.accept(listener)) {
            Frame settings = peer.await(Frame.SETTINGS, 0);
            assertThat(settings.settings()).containsEntry(2, 0).containsEntry(4, 262_144);
            peer.settings();
            Frame head = peer.await(Frame.HEADERS, 1);
            assertThat(head.headers())
                    .containsEntry(":method", "POST")
                    .containsEntry(":scheme", "http")
                    .containsEntry(":path", "/EchoService/Bidi")
                    .containsEntry(":authority", "echo")
                    .containsEntry("content-type", "application/grpc+thrift")
                    .containsEntry("te", "trailers");
            assertThat(head.endsStream()).isFalse();
            stream.send("hello");
            assertThat(peer.await(Frame.DATA, 1).payload()).isEqualTo(message("hello"));
            stream.closeSend();
            Frame end = peer.await(Frame.DATA, 1);
            assertThat(end.endsStream()).isTrue();
            assertThat(end.payload()).isEmpty();
        }
    }

    @Test
    void aUnaryRequestIsHeadersAndOneDataThatEndsTheStream() throws Exception {
        CompletableFuture<String> reply =
                CompletableFuture.supplyAsync(() -> client.call(EchoService.SAY, "hello", CallOptions.NONE));
        try (Http2Peer peer = server()) {
            Frame data = peer.await(Frame.DATA, 1);
            assertThat(data.payload()).isEqualTo(message("hello"));
            assertThat(data.endsStream()).isTrue();
            peer.headers(1, response(), false);
            // The result struct: field 0, the success.
            byte[] text = EchoService.encoded("hello back");
            byte[] result = new byte[text.length + 4];
            result[0] = 12;
            System.arraycopy(text, 0, result, 3, text.length);
            byte[] prefix = {0, 0, 0, 0, (byte) result.length};
            peer.data(1, join(prefix, result), false);
            peer.headers(1, trailers(0, ""), true);
            assertThat(reply.get(10, TimeUnit.SECONDS)).isEqualTo("hello back");
        }
    }

    @Test
    void aUnaryCallWithoutReplyFails() throws Exception {
        CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> client.call(EchoService.SAY, "hello", CallOptions.NONE)));
        try (Http2Peer peer = server()) {
            peer.await(Frame.DATA, 1);
            peer.headers(1, response(), false);
            peer.headers(1, trailers(0, ""), true);
            assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(StatusException.class);
        }
    }

    // ---- what breaks the rules, docs/protocol/grpc.md "5. Responses" ----

    @Test
    void dataThatEndsTheStreamWithoutTrailersIsInternalAfterTheMessages() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            peer.headers(1, response(), false);
            peer.data(1, message("one"), true);
            assertThat(stream.recv()).isEqualTo("one");
            StatusException failure = failure(stream);
            assertThat(failure.code()).isEqualTo(13);
            assertThat(failure.statusMessage()).contains("without sending trailers");
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isZero();
        }
    }

    @Test
    void aSecondHeadThatDoesNotEndTheStreamIsAProtocolError() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            peer.headers(1, response(), false);
            peer.headers(1, trailers(0, ""), false);
            assertThat(failure(stream).code()).isEqualTo(13);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(1);
        }
    }

    @Test
    void dataBeforeTheHeadIsDeliveredAndThenInternal() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            peer.data(1, message("early"), false);
            assertThat(stream.recv()).isEqualTo("early");
            assertThat(failure(stream).code()).isEqualTo(13);
        }
    }

    @Test
    void interimHeadersAreSkipped() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            peer.headers(1, Map.of(":status", "103"), false);
            peer.headers(1, response(), false);
            peer.headers(1, trailers(0, ""), true);
            assertThat(stream.recv()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"400,13", "401,16", "403,7", "404,12", "429,14", "503,14", "500,2"})
    void anAnswerThatIsNotGrpcIsAStatusByItsHttpStatus(int http, int code) throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            Map<String, String> html = new LinkedHashMap<>();
            html.put(":status", Integer.toString(http));
            html.put("content-type", "text/html");
            peer.headers(1, html, false);
            assertThat(failure(stream).code()).isEqualTo(code);
        }
    }

    @Test
    void trailersAloneHaveAnEmptyHeaderAndNothingButTheHandlersEntriesAsTrailer() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            Map<String, String> only = response();
            only.putAll(trailers(5, "none"));
            only.put("t1", "v1");
            peer.headers(1, only, true);
            assertThat(failure(stream).statusMessage()).isEqualTo("none");
            assertThat(stream.header()).isEmpty();
            assertThat(stream.trailer()).isEqualTo(Map.of("t1", "v1"));
            // Nobody reads what this side would still send.
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isZero();
        }
    }

    @Test
    void aMessageCutShortByTrailersIsAFailure() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            peer.headers(1, response(), false);
            peer.data(1, Arrays.copyOf(message("hello"), 7), false);
            peer.headers(1, trailers(0, ""), true);
            assertThat(failure(stream).code()).isEqualTo(13);
        }
    }

    @Test
    void anOversizedMessageFailsItsStreamAlone() throws Exception {
        try (Client small = ends.connect(listener.getLocalPort(), plain -> plain.maxMessageBytes(1000));
                var first = EchoService.bidi(small);
                Http2Peer peer = server();
                var second = EchoService.bidi(small)) {
            peer.await(Frame.HEADERS, 3);
            peer.headers(1, response(), false);
            peer.data(1, message("x".repeat(2000)), false);
            StatusException failure = failure(first);
            assertThat(failure.statusMessage()).contains("1000");
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(8);
            peer.headers(3, response(), false);
            peer.data(3, message("fine"), false);
            assertThat(second.recv()).isEqualTo("fine");
        }
    }

    // ---- ends ----

    @ParameterizedTest
    @CsvSource({"0,13", "1,13", "2,13", "3,8", "5,13", "7,14", "8,1", "11,8", "12,7", "1000,14", "77,2"})
    void row50AResetIsAStatusByItsCode(int reset, int code) throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            peer.headers(1, response(), false);
            peer.data(1, message("before"), false);
            peer.reset(1, reset);
            assertThat(stream.recv()).isEqualTo("before");
            assertThat(failure(stream).code()).isEqualTo(code);
            assertThatThrownBy(() -> stream.send("x"))
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(code));
        }
    }

    @Test
    void row48ACancelIsAReset() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            stream.cancel("user left");
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(8);
            // What was under way is no reason to reset the stream once more.
            peer.headers(1, response(), false);
            peer.data(1, message("late"), false);
            peer.ping(5, false);
            assertThat(peer.await(frame -> frame.type() != Frame.WINDOW_UPDATE && frame.type() != Frame.SETTINGS)
                            .type())
                    .isEqualTo(Frame.PING);
            assertThat(failure(stream).code()).isEqualTo(1);
        }
    }

    @Test
    void row49ARecvTimeoutIsStatus17AndAReset() throws Exception {
        CallOptions options = CallOptions.NONE.withRecvTimeout(RecvTimeout.of(Duration.ofMillis(50)));
        try (var stream = client.bidiStreaming(EchoService.BIDI, options);
                Http2Peer peer = server()) {
            assertThat(failure(stream).code()).isEqualTo(17);
            assertThat(failure(stream).code()).isEqualTo(17);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(8);
        }
    }

    @Test
    void row49ARecvTimeoutMayLeaveTheStreamRunning() throws Exception {
        CallOptions options = CallOptions.NONE.withRecvTimeout(
                RecvTimeout.of(Duration.ofMillis(50)).keepRemote());
        try (var stream = client.bidiStreaming(EchoService.BIDI, options);
                Http2Peer peer = server()) {
            assertThat(failure(stream).code()).isEqualTo(17);
            peer.await(Frame.HEADERS, 1);
            peer.headers(1, response(), false);
            peer.data(1, message("late"), false);
            String message = null;
            while (message == null) {
                try {
                    message = stream.recv();
                } catch (StatusException notYet) {
                    assertThat(notYet.code()).isEqualTo(17);
                }
            }
            assertThat(message).isEqualTo("late");
        }
    }

    @Test
    void row47TheDeadlineIsSentAndEndsTheStreamHere() throws Exception {
        client.warmUp();
        try (Http2Peer peer = server();
                var stream =
                        client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withTimeout(Duration.ofMillis(200)))) {
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsKey("grpc-timeout");
            assertThat(failure(stream).code()).isEqualTo(4);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(8);
        }
    }

    @Test
    void row71ALostConnectionIsAStatusAfterTheMessages() throws Exception {
        try (var stream = EchoService.bidi(client)) {
            try (Http2Peer peer = server()) {
                peer.await(Frame.HEADERS, 1);
                peer.headers(1, response(), false);
                peer.data(1, message("before"), false);
                assertThat(stream.recv()).isEqualTo("before");
            }
            StatusException lost = failure(stream);
            assertThat(lost.code()).isEqualTo(14);
            assertThat(lost.statusMessage())
                    .isEqualTo("connection error: desc = \"error reading from server, connection to 127.0.0.1:"
                            + listener.getLocalPort() + " was closed\"");
        }
    }

    @Test
    void aHeaderNameTwiceHasBothValuesInOrder() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            byte[] head = peer.block(1, response());
            peer.write(
                    Frame.HEADERS,
                    Frame.END_HEADERS,
                    1,
                    join(head, peer.block(1, Map.of("k", "v1")), peer.block(1, Map.of("k", "v2"))));
            peer.data(1, message("fine"), false);
            assertThat(stream.recv()).isEqualTo("fine");
            assertThat(stream.headerMetadata().values("k")).containsExactly("v1", "v2");
            assertThat(stream.header()).containsEntry("k", "v1");
        }
    }
}
