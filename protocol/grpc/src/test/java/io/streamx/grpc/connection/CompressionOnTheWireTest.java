package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compressed messages as frames: recorded ones, and ones that no honest peer would send. */
@Timeout(60)
class CompressionOnTheWireTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static byte[] compressed(byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return framed(1, out.toByteArray());
    }

    private static byte[] framed(int flag, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) flag)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    /** The payload of a message that is one DATA frame. */
    private static byte[] decompressed(byte[] message) throws IOException {
        assertThat(message[0]).isEqualTo((byte) 1);
        return new GZIPInputStream(new ByteArrayInputStream(message, 5, message.length - 5)).readAllBytes();
    }

    private static Map<String, String> request(String encoding, String accepted) {
        Map<String, String> headers = Http2Peer.request("Bidi");
        if (!encoding.isEmpty()) {
            headers.put("grpc-encoding", encoding);
        }
        if (!accepted.isEmpty()) {
            headers.put("grpc-accept-encoding", accepted);
        }
        return headers;
    }

    // ---- recorded: Kitex, Protobuf, gzip both ways ----

    @Test
    void aConversationOfKitexIsReadAndAnsweredTheSameWay() throws Exception {
        JsonNode recorded;
        try (InputStream file = getClass().getResourceAsStream("/grpc/pb-bidi-gzip.json")) {
            recorded = new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
        List<String> received = new ArrayList<>();
        Server server = ends.serve(PbTestService.with(
                stream -> {
                    for (String message : stream) {
                        received.add(message);
                        stream.send(message);
                    }
                },
                request -> request));
        List<byte[]> sent = new ArrayList<>();

        try (Http2Peer kitex = Http2Peer.greet(server.port())) {
            for (JsonNode frame : recorded.get("frames")) {
                if (frame.get("from").asText().equals("client")
                        && frame.get("stream").asInt() == 1) {
                    play(kitex, frame, sent);
                }
            }
            Frame head = kitex.await(Frame.HEADERS, 1);
            assertThat(head.headers())
                    .isEqualTo(Map.of(":status", "200", "content-type", "application/grpc", "grpc-encoding", "gzip"));
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            Frame frame = kitex.await(any -> any.stream() == 1);
            for (; frame.type() == Frame.DATA; frame = kitex.await(any -> any.stream() == 1)) {
                replies.writeBytes(frame.payload());
            }
            assertThat(frame.headers()).isEqualTo(Map.of("grpc-status", "0", "grpc-message", ""));
            assertThat(frame.endsStream()).isTrue();
            assertThat(payloads(replies.toByteArray()))
                    .containsExactlyElementsOf(payloads(Http2Peer.join(sent.toArray(new byte[0][]))));
        }
        assertThat(received).hasSize(3).element(1).asString().hasSize(10_000);
    }

    private static void play(Http2Peer kitex, JsonNode frame, List<byte[]> sent) throws IOException {
        boolean ends = frame.path("flags").toString().contains("END_STREAM");
        switch (frame.get("type").asText()) {
            case "HEADERS" ->
                kitex.write(
                        Frame.HEADERS,
                        Frame.END_HEADERS,
                        1,
                        HexFormat.of().parseHex(frame.get("block").asText()));
            case "DATA" -> {
                byte[] bytes = HexFormat.of().parseHex(frame.path("data").asText());
                kitex.data(1, bytes, ends);
                sent.add(bytes);
            }
            default -> {}
        }
    }

    /** The decompressed messages of some DATA, as text. */
    private static List<String> payloads(byte[] data) throws IOException {
        List<String> payloads = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(data);
        while (in.hasRemaining()) {
            int start = in.position();
            in.get();
            byte[] message = new byte[5 + in.getInt()];
            in.position(start).get(message);
            payloads.add(PbTestService.TEXT.decode(Unpooled.wrappedBuffer(decompressed(message))));
        }
        return payloads;
    }

    // ---- a server and what callers may send ----

    @Test
    void aServerReadsMessagesWithAndWithoutCompressionOnOneStream() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("gzip", "identity"), false);
            peer.data(
                    1,
                    Http2Peer.join(
                            compressed(EchoService.encoded("one")),
                            Http2Peer.message("two"),
                            framed(2, EchoService.encoded("three"))),
                    true);

            assertThat(peer.await(Frame.HEADERS, 1).headers()).doesNotContainKey("grpc-encoding");
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            Frame frame = peer.await(any -> any.stream() == 1);
            for (; frame.type() == Frame.DATA; frame = peer.await(any -> any.stream() == 1)) {
                replies.writeBytes(frame.payload());
            }
            // The caller's list has no gzip in it; a flag that is neither 0 nor 1 is no compression.
            assertThat(replies.toByteArray())
                    .isEqualTo(Http2Peer.join(
                            Http2Peer.message("one"), Http2Peer.message("two"), Http2Peer.message("three")));
        }
    }

    @Test
    void aHandlerIsToldWhatTheFlagOfEachMessageSaidThoughAllCameTogether() throws Exception {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        Server server = ends.serve(EchoService.bidi(stream -> {
            for (String message : stream) {
                seen.add(message.length() + " " + stream.isLastReceivedCompressed());
            }
        }));
        String large = "0123456789".repeat(1_000);
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("gzip", "identity"), false);
            peer.data(
                    1,
                    Http2Peer.join(
                            Http2Peer.message("1"),
                            compressed(EchoService.encoded("22")),
                            Http2Peer.message("333"),
                            framed(2, EchoService.encoded("4444")),
                            compressed(EchoService.encoded(large)),
                            Http2Peer.message(large),
                            compressed(EchoService.encoded("55555"))),
                    true);

            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry("grpc-status", "0");
        }
        assertThat(seen)
                .containsExactly("1 false", "2 true", "3 false", "4 false", "10000 true", "10000 false", "5 true");
    }

    @Test
    void row51AServerAnswersPlainWhereItKnowsNothingOfTheCallersList() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("", "br"), false);
            peer.data(1, Http2Peer.message("x"), true);

            assertThat(peer.await(Frame.DATA, 1).payload()).isEqualTo(Http2Peer.message("x"));
            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry("grpc-status", "0");
        }
    }

    @Test
    void anEncodingThatTheServerDoesNotKnowIsRefusedWithTheListOfThoseItKnows() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("br", "br"), false);

            Frame answer = peer.await(Frame.HEADERS, 1);
            assertThat(answer.endsStream()).isTrue();
            assertThat(answer.headers())
                    .containsEntry("grpc-status", "13")
                    .containsEntry("grpc-accept-encoding", "identity,gzip");
            assertThat(answer.headers().get("grpc-message")).startsWith("no kitex compressor registered found for:br");

            peer.headers(3, request("identity,br", ""), false);
            peer.data(3, Http2Peer.message("x"), true);
            assertThat(peer.await(Frame.DATA, 3).payload()).isEqualTo(Http2Peer.message("x"));
        }
    }

    @Test
    void aCompressedMessageWithoutEncodingIsAnErrorOfItsStream() throws Exception {
        Server server = ends.serve(EchoService.echo());
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("", ""), false);
            peer.data(1, compressed(EchoService.encoded("x")), true);

            Frame answer =
                    peer.await(frame -> frame.stream() == 1 && frame.endsStream() && frame.type() == Frame.HEADERS);
            assertThat(answer.headers()).containsEntry("grpc-status", "13");
            assertThat(answer.headers().get("grpc-message"))
                    .startsWith("a compressed message of a stream without grpc-encoding");
        }
    }

    @Test
    void aBombIsAnErrorOfItsStreamAndTheNextOneIsServed() throws Exception {
        Server server = ends.serve(EchoService.echo(), settings -> settings.maxMessageBytes(1 << 20));
        byte[] bomb = compressed(new byte[100 << 20]);
        assertThat(bomb).hasSizeLessThan(1 << 20);
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("gzip", "identity"), false);
            for (int at = 0; at < bomb.length; at += 16_384) {
                peer.data(1, java.util.Arrays.copyOfRange(bomb, at, Math.min(bomb.length, at + 16_384)), false);
            }

            Frame answer =
                    peer.play(frame -> frame.stream() == 1 && frame.type() == Frame.HEADERS && frame.endsStream());
            assertThat(answer.headers()).containsEntry("grpc-status", "8");
            assertThat(answer.headers().get("grpc-message"))
                    .contains("compressed bytes becomes larger than 1048576 bytes");

            peer.headers(3, request("gzip", "gzip"), false);
            peer.data(3, compressed(EchoService.encoded("x")), true);
            assertThat(decompressed(peer.await(Frame.DATA, 3).payload())).isEqualTo(EchoService.encoded("x"));
        }
    }

    // ---- a client and what servers may send ----

    private interface Answer {
        void to(Http2Peer peer, int stream) throws IOException;
    }

    /** A call that compresses, and what its stream receives when the server answers that. */
    private StatusException failureOf(Map<String, String> head, byte[] message) throws Exception {
        return failureOf((peer, stream) -> {
            peer.headers(stream, head, false);
            peer.data(stream, message, false);
        });
    }

    private StatusException failureOf(Answer answer) throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            Thread server = Thread.startVirtualThread(() -> {
                try (Http2Peer peer = Http2Peer.accept(listener)) {
                    peer.settings();
                    Frame head = peer.await(frame -> frame.type() == Frame.HEADERS);
                    assertThat(head.headers())
                            .containsEntry("grpc-encoding", "gzip")
                            .containsEntry("grpc-accept-encoding", "identity,gzip");
                    answer.to(peer, head.stream());
                    peer.awaitClose();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (Client client = Client.builder("echo")
                            .address("127.0.0.1:" + listener.getLocalPort())
                            .transport(io.streamx.Transport.GRPC)
                            .build();
                    var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withCompression("gzip"))) {
                StatusException[] failure = new StatusException[1];
                assertThatThrownBy(stream::recv)
                        .isInstanceOfSatisfying(StatusException.class, status -> failure[0] = status);
                assertThatThrownBy(stream::recv).hasMessage(failure[0].getMessage());
                return failure[0];
            } finally {
                server.join();
            }
        }
    }

    @Test
    void aReplyInAnUnknownEncodingNamesItAndThoseThereAre() throws Exception {
        Map<String, String> head = Http2Peer.response();
        head.put("grpc-encoding", "br");

        StatusException failure = failureOf(head, framed(1, new byte[] {1, 2, 3}));

        assertThat(failure.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(failure.statusMessage())
                .isEqualTo("a message compressed with 'br' (expected: one of identity, gzip)");
    }

    @Test
    void aCompressedReplyWithoutEncodingIsAClearError() throws Exception {
        StatusException failure = failureOf(Http2Peer.response(), compressed(EchoService.encoded("x")));

        assertThat(failure.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(failure.statusMessage()).startsWith("a compressed message of a stream without grpc-encoding");
    }

    @Test
    void aReplyThatIsNotGzipIsAClearError() throws Exception {
        Map<String, String> head = Http2Peer.response();
        head.put("grpc-encoding", "gzip");

        StatusException failure = failureOf(head, framed(1, new byte[0]));

        assertThat(failure.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(failure.statusMessage())
                .startsWith("message of 0 compressed bytes")
                .endsWith("(expected: gzip)");
    }

    @Test
    void row51TheRefusalOfAKitexServerWithoutGzipIsItsStatus() throws Exception {
        StatusException failure = failureOf((peer, stream) -> {
            Map<String, String> recorded = Http2Peer.response();
            recorded.putAll(Http2Peer.trailers(13, "no kitex compressor registered found for:gzip [biz error]"));
            peer.headers(stream, recorded, true);
        });

        assertThat(failure.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(failure.statusMessage()).isEqualTo("no kitex compressor registered found for:gzip [biz error]");
    }
}
