package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The status a handler ends its call with, and what the caller gets of it. */
@Timeout(60)
class StatusTest {
    private static final List<StatusDetail> DETAILS = List.of(new StatusDetail(
            "type.googleapis.com/google.protobuf.StringValue",
            new byte[] {0x0A, 11, 'd', 'e', 't', 'a', 'i', 'l', ' ', 't', 'e', 'x', 't'}));

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }

    /** A client of a server all of whose methods fail with that. */
    private Client failing(RuntimeException failure) {
        return ends.connect(ends.serve(PbTestService.with(
                stream -> {
                    stream.recv();
                    throwIt(failure);
                },
                request -> {
                    throw failure;
                })));
    }

    private static void assertStatus(StatusException status, int code, String message, List<StatusDetail> details) {
        assertThat(status.code()).isEqualTo(code);
        assertThat(status.statusMessage()).isEqualTo(message);
        assertThat(status.details()).isEqualTo(details);
    }

    @Test
    void row44CodeMessageAndDetailsReachTheCallerOfAUnaryCall() {
        Client client = failing(new StatusException(StatusCode.FAILED_PRECONDITION, "böse %\n", DETAILS));

        assertThatThrownBy(() -> client.call(PbTestService.PING_PONG, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertStatus(status, StatusCode.FAILED_PRECONDITION, "böse %\n", DETAILS));
    }

    @Test
    void codeMessageAndDetailsReachTheCallerOfAStream() {
        Client client = failing(new StatusException(StatusCode.FAILED_PRECONDITION, "pre", DETAILS));

        try (var stream = client.bidiStreaming(PbTestService.ECHO, CallOptions.NONE)) {
            stream.send("x");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv)
                        .isInstanceOfSatisfying(
                                StatusException.class,
                                status -> assertStatus(status, StatusCode.FAILED_PRECONDITION, "pre", DETAILS));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 13, 14, 17, 20, 1900})
    void anyCodeArrivesAsItWasThrown(int code) {
        Client client = failing(new StatusException(code, "m"));

        assertThatThrownBy(() -> client.call(PbTestService.PING_PONG, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(StatusException.class, status -> assertStatus(status, code, "m", List.of()));
    }

    /** With Thrift the mark of Kitex stands behind the text, so that an empty one begins with a space. */
    @ParameterizedTest
    @ValueSource(strings = {"", " text", "text ", "\ttext", " "})
    void textsThatAreEmptyOrHaveSpacesAtTheirEndsKeepTheirCode(String text) {
        Client client = ends.connect(ends.serve(
                EchoService.with(stream -> throwIt(new StatusException(StatusCode.NOT_FOUND, text)), request -> {
                    throw new StatusException(StatusCode.NOT_FOUND, text);
                })));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertStatus(status, StatusCode.NOT_FOUND, text + " [biz error]", List.of()));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv)
                    .isInstanceOfSatisfying(
                            StatusException.class,
                            status -> assertStatus(status, StatusCode.NOT_FOUND, text + " [biz error]", List.of()));
        }
    }

    @Test
    void aStatusFromFurtherDownGoesUpThroughTwoServers() {
        Client down = failing(new StatusException(StatusCode.NOT_FOUND, "no such user", DETAILS));
        Client up = ends.connect(ends.serve(PbTestService.with(
                stream -> {}, request -> down.call(PbTestService.PING_PONG, request, CallOptions.NONE))));

        assertThatThrownBy(() -> up.call(PbTestService.PING_PONG, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertStatus(status, StatusCode.NOT_FOUND, "no such user", DETAILS));
    }

    @ParameterizedTest
    @ValueSource(ints = {10_001, -1, 0})
    void row45ABusinessErrorTravelsUnderTheStatusItWasGiven(int code) {
        StatusException under = new StatusException(StatusCode.FAILED_PRECONDITION, "", DETAILS);
        Client client = failing(new BizStatusException(code, "no money", Map.of("k", "v"), under));

        assertThatThrownBy(() -> client.call(PbTestService.PING_PONG, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(BizStatusException.class, business -> {
                    assertThat(business.code()).isEqualTo(code);
                    assertThat(business.bizMessage()).isEqualTo("no money");
                    assertThat(business.extra()).isEqualTo(Map.of("k", "v"));
                    assertStatus(
                            Objects.requireNonNull(business.status()),
                            StatusCode.FAILED_PRECONDITION,
                            "no money",
                            DETAILS);
                });
    }

    @Test
    void row43And44KitexStyleMarksWhatTheHandlerSays() {
        Client client = ends.connect(ends.serve(EchoService.with(
                stream -> throwIt(new StatusException(StatusCode.ABORTED, "pre", DETAILS)), request -> {
                    throw new IllegalStateException("boom");
                })));

        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv)
                    .isInstanceOfSatisfying(
                            StatusException.class,
                            status -> assertStatus(status, StatusCode.ABORTED, "pre [biz error]", DETAILS));
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertStatus(status, StatusCode.INTERNAL, "boom [biz error]", List.of()));
    }

    @Test
    void row74ThriftThatCannotBeDecodedHasTheCodeOfItsException() throws Exception {
        Server server = ends.serve(EchoService.echo());
        byte[] message = {0, 0, 0, 0, 3, 11, 0, 1}; // a field of a string, and then nothing
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, Http2Peer.request("Bidi"), false);
            peer.data(1, message, true);
            Map<String, String> streamed = peer.await(Frame.HEADERS, 1).headers();
            assertThat(streamed).containsEntry("grpc-status", "7");
            assertThat(streamed.get("grpc-message")).endsWith(" [biz error]");

            peer.headers(3, Http2Peer.request("Say"), false);
            peer.data(3, message, true);
            Map<String, String> unary = peer.await(Frame.HEADERS, 3).headers();
            assertThat(unary).containsEntry("grpc-status", "7");
            assertThat(unary.get("grpc-message")).isNotEmpty().doesNotEndWith(" [biz error]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void row74ProtobufThatCannotBeDecodedIsInternalInEitherStyle(GrpcOptions.ErrorStyle style) throws Exception {
        Server server = ends.serve(
                PbTestService.with(stream -> stream.recv(), request -> request),
                settings -> settings.transportOptions(
                        GrpcOptions.builder().errorStyle(style).build()));
        byte[] message = {0, 0, 0, 0, 3, 10, 7, 'x'}; // a field of seven bytes, and then one
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, protobufRequest("Echo"), false);
            peer.data(1, message, true);
            assertThat(peer.await(Frame.HEADERS, 1).headers())
                    .containsEntry("grpc-status", "13")
                    .containsEntry(
                            "grpc-message",
                            "a text cut short" + (style == GrpcOptions.ErrorStyle.KITEX ? " [biz error]" : ""));

            peer.headers(3, protobufRequest("PingPong"), false);
            peer.data(3, message, true);
            assertThat(peer.await(Frame.HEADERS, 3).headers())
                    .containsEntry("grpc-status", "13")
                    .containsEntry("grpc-message", "a text cut short");
        }
    }

    private static Map<String, String> protobufRequest(String method) {
        Map<String, String> headers = Http2Peer.request(method);
        headers.put(":path", "/pb.PbTestService/" + method);
        headers.put("content-type", "application/grpc");
        return headers;
    }

    @Test
    void aHandlersOwnThriftExceptionKeepsItsNumberInKitexStyle() {
        Server server = ends.serve(
                PbTestService.with(stream -> {}, request -> {
                    throw new ApplicationException(ApplicationException.PROTOCOL_ERROR, "own");
                }),
                settings -> settings.transportOptions(GrpcOptions.builder()
                        .errorStyle(GrpcOptions.ErrorStyle.KITEX)
                        .build()));
        assertThatThrownBy(() -> ends.connect(server).call(PbTestService.PING_PONG, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(
                        StatusException.class, status -> assertStatus(status, 7, "own [biz error]", List.of()));
    }

    @Test
    void row76EntriesWithTwoValuesHaveBothInHeaderAndTrailer() throws Exception {
        withServer(
                (peer, stream) -> {
                    peer.write(
                            Frame.HEADERS,
                            Frame.END_HEADERS,
                            stream,
                            twice(peer, stream, Http2Peer.response(), Map.of("h", "1"), Map.of("h", "2")));
                    peer.data(stream, Http2Peer.message("x"), false);
                    peer.write(
                            Frame.HEADERS,
                            Frame.END_HEADERS | Frame.END_STREAM,
                            stream,
                            twice(peer, stream, Http2Peer.trailers(0, ""), Map.of("t", "1"), Map.of("t", "2")));
                },
                client -> {
                    try (var stream = EchoService.bidi(client)) {
                        assertThat(stream.headerMetadata().values("h")).containsExactly("1", "2");
                        assertThat(stream.recv()).isEqualTo("x");
                        assertThat(stream.recv()).isNull();
                        assertThat(stream.trailerMetadata().values("t")).containsExactly("1", "2");
                        assertThat(stream.trailer()).isEqualTo(Map.of("t", "1"));
                    }
                });
    }

    /** One block of header lists, which as a map could not hold a name twice. */
    @SafeVarargs
    private static byte[] twice(Http2Peer peer, int stream, Map<String, String>... lists) {
        byte[] block = {};
        for (Map<String, String> list : lists) {
            block = Http2Peer.join(block, peer.block(stream, list));
        }
        return block;
    }

    private interface Answer {
        void to(Http2Peer peer, int stream) throws IOException;
    }

    /** Lets a client call a server that answers its first request like that. */
    private static void withServer(Answer answer, Consumer<Client> calls) throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            Thread server = Thread.startVirtualThread(() -> {
                try (Http2Peer peer = Http2Peer.accept(listener)) {
                    peer.settings();
                    answer.to(peer, peer.await(frame -> frame.type() == Frame.HEADERS).stream());
                    peer.awaitClose();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            try (Client client = Client.builder("echo")
                    .address("127.0.0.1:" + listener.getLocalPort())
                    .transport(Transport.GRPC)
                    .build()) {
                calls.accept(client);
            } finally {
                server.join();
            }
        }
    }

    @Test
    void whatDoesNotFitIntoTheCallersHeaderListIsCutAndTheCallStillEnds() {
        Server server = ends.serve(PbTestService.with(stream -> {}, request -> {
            throw new StatusException(StatusCode.ABORTED, "m".repeat(100_000));
        }));
        Client client = ends.connect(
                server,
                settings -> settings.transportOptions(
                        GrpcOptions.builder().maxHeaderListBytes(8_192).build()));

        assertThatThrownBy(() -> client.call(PbTestService.PING_PONG, "x", CallOptions.NONE))
                .isInstanceOfSatisfying(StatusException.class, status -> {
                    assertThat(status.code()).isEqualTo(StatusCode.ABORTED);
                    assertThat(status.statusMessage()).matches("m{7000,8192}");
                });
    }

    // ---- recorded: a Kitex handler's status with details ----

    private static JsonNode recorded() throws IOException {
        try (InputStream file = StatusTest.class.getResourceAsStream("/grpc/pb-unary-status-details.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(file)).get("frames");
        }
    }

    private static JsonNode recordedTrailers() throws IOException {
        for (JsonNode frame : recorded()) {
            if (frame.get("type").asText().equals("HEADERS")
                    && frame.get("from").asText().equals("server")) {
                return frame.get("headers");
            }
        }
        throw new AssertionError("no trailers");
    }

    private static Map<String, String> map(JsonNode headers) {
        Map<String, String> map = new LinkedHashMap<>();
        headers.forEach(header -> map.put(header.get(0).asText(), header.get(1).asText()));
        return map;
    }

    @Test
    void aKitexCallerIsAnsweredAsByAKitexServer() throws Exception {
        Server server = ends.serve(
                PbTestService.with(stream -> {}, request -> {
                    assertThat(request).isEqualTo("statusdet:9:pre");
                    throw new StatusException(StatusCode.FAILED_PRECONDITION, "pre", DETAILS);
                }),
                settings -> settings.transportOptions(GrpcOptions.builder()
                        .errorStyle(GrpcOptions.ErrorStyle.KITEX)
                        .build()));
        try (Http2Peer kitex = Http2Peer.greet(server.port())) {
            for (JsonNode frame : recorded()) {
                if (frame.get("from").asText().equals("client")
                        && frame.get("stream").asInt() == 1) {
                    if (frame.get("type").asText().equals("HEADERS")) {
                        byte[] block =
                                HexFormat.of().parseHex(frame.get("block").asText());
                        kitex.write(Frame.HEADERS, Frame.END_HEADERS, 1, block);
                    } else {
                        kitex.data(1, HexFormat.of().parseHex(frame.get("data").asText()), true);
                    }
                }
            }

            Frame answer = kitex.await(Frame.HEADERS, 1);
            assertThat(answer.endsStream()).isTrue();
            assertThat(List.copyOf(answer.headers().entrySet()))
                    .isEqualTo(List.copyOf(map(recordedTrailers()).entrySet()));
        }
    }

    @Test
    void theAnswerOfAKitexServerIsItsStatus() throws Exception {
        withServer(
                (peer, stream) -> peer.headers(stream, map(recordedTrailers()), true),
                client -> assertThatThrownBy(() -> client.call(PbTestService.PING_PONG, "x", CallOptions.NONE))
                        .isInstanceOfSatisfying(
                                StatusException.class,
                                status -> assertStatus(
                                        status, StatusCode.FAILED_PRECONDITION, "pre [biz error]", DETAILS)));
    }
}
