package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.BinaryValue;
import io.streamx.ClientStreamingClient;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.ServerStreamingClient;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.client.Client;
import io.streamx.interop.testing.BoolValue;
import io.streamx.interop.testing.EchoStatus;
import io.streamx.interop.testing.Empty;
import io.streamx.interop.testing.ResponseParameters;
import io.streamx.interop.testing.SimpleRequest;
import io.streamx.interop.testing.StreamingInputCallRequest;
import io.streamx.interop.testing.StreamingInputCallResponse;
import io.streamx.interop.testing.StreamingOutputCallRequest;
import io.streamx.interop.testing.StreamingOutputCallResponse;
import io.streamx.interop.testing.TestServiceClient;
import io.streamx.interop.testing.UnimplementedServiceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The standard gRPC interop cases, with our client; the sizes and texts are those of their public description. */
enum StandardCases {
    EMPTY_UNARY(cases ->
            assertThat(cases.service.emptyCall(Empty.getDefaultInstance())).isEqualTo(Empty.getDefaultInstance())),
    LARGE_UNARY(StandardCases.Play::largeUnary),
    CLIENT_COMPRESSED_UNARY(cases -> {
        cases.probeUnary();
        cases.clientCompressedUnary();
    }),
    CLIENT_COMPRESSED_UNARY_NOPROBE(StandardCases.Play::clientCompressedUnary),
    SERVER_COMPRESSED_UNARY(StandardCases.Play::serverCompressedUnary),
    CLIENT_STREAMING(StandardCases.Play::clientStreaming),
    CLIENT_COMPRESSED_STREAMING(cases -> {
        cases.probeStreaming();
        cases.clientCompressedStreaming();
    }),
    CLIENT_COMPRESSED_STREAMING_NOPROBE(StandardCases.Play::clientCompressedStreaming),
    SERVER_STREAMING(StandardCases.Play::serverStreaming),
    SERVER_COMPRESSED_STREAMING(
            cases -> assertThat(cases.serverCompressedStreaming()).containsExactly(true, false)),
    SERVER_COMPRESSED_STREAMING_UNCHECKED(StandardCases.Play::serverCompressedStreaming),
    PING_PONG(StandardCases.Play::pingPong),
    EMPTY_STREAM(StandardCases.Play::emptyStream),
    CANCEL_AFTER_BEGIN(StandardCases.Play::cancelAfterBegin),
    CANCEL_AFTER_FIRST_RESPONSE(StandardCases.Play::cancelAfterFirstResponse),
    TIMEOUT_ON_SLEEPING_SERVER(StandardCases.Play::timeoutOnSleepingServer),
    STATUS_CODE_AND_MESSAGE(StandardCases.Play::statusCodeAndMessage),
    SPECIAL_STATUS_MESSAGE(StandardCases.Play::specialStatusMessage),
    UNIMPLEMENTED_METHOD(
            cases -> cases.assertUnimplemented(() -> cases.service.unimplementedCall(Empty.getDefaultInstance()))),
    UNIMPLEMENTED_SERVICE(cases -> cases.assertUnimplemented(
            () -> new UnimplementedServiceClient(cases.client).unimplementedCall(Empty.getDefaultInstance()))),
    CUSTOM_METADATA(StandardCases.Play::customMetadata);

    /** What takes a server that knows of each message whether it came, or is to go, compressed. */
    static final Set<StandardCases> ABOUT_EACH_MESSAGE =
            EnumSet.of(CLIENT_COMPRESSED_UNARY, CLIENT_COMPRESSED_STREAMING, SERVER_COMPRESSED_STREAMING);

    /** What every server of the standard service plays. */
    static final Set<StandardCases> FOR_ANY_SERVER = EnumSet.complementOf(EnumSet.copyOf(ABOUT_EACH_MESSAGE));

    private final Consumer<Play> play;

    StandardCases(Consumer<Play> play) {
        this.play = play;
    }

    /** Plays the case against a server. */
    void play(String address) {
        play(address, UnaryOperator.identity());
    }

    /** Plays the case with a client that {@code settings} has added to. */
    void play(String address, UnaryOperator<Client.Builder> settings) {
        try (Client client = settings.apply(builder(address)).build()) {
            play.accept(new Play(address, client, new TestServiceClient(client)));
        }
    }

    private static Client.Builder builder(String address) {
        return Client.builder("grpc.testing").address(address).connectTimeout(JavaClients.PATIENCE);
    }

    private record Play(String address, Client client, TestServiceClient service) {
        private static final int LARGE_REQUEST_BYTES = 271_828;
        private static final int LARGE_RESPONSE_BYTES = 314_159;
        private static final List<Integer> REQUEST_BYTES = List.of(27_182, 8, 1_828, 45_904);
        private static final List<Integer> RESPONSE_BYTES = List.of(31_415, 9, 2_653, 58_979);

        void largeUnary() {
            assertLargeReply(service, large());
        }

        /** A request that says of itself that it is compressed, and is not. */
        void probeUnary() {
            assertStatus(
                    StatusCode.INVALID_ARGUMENT,
                    () -> service.unaryCall(large().setExpectCompressed(yes()).build()));
        }

        /** Such a message on a stream that compresses the others. */
        void probeStreaming() {
            try (ClientStreamingClient<StreamingInputCallRequest, StreamingInputCallResponse> stream =
                    service.withCompression("gzip").streamingInputCall()) {
                stream.setMessageCompression(false);
                stream.send(input(27_182).setExpectCompressed(yes()).build());

                assertStatus(StatusCode.INVALID_ARGUMENT, stream::closeAndRecv);
            }
        }

        void clientCompressedUnary() {
            assertLargeReply(service.withCompression("gzip"), large().setExpectCompressed(yes()));
            assertLargeReply(service, large().setExpectCompressed(no()));
        }

        void serverCompressedUnary() {
            assertLargeReply(service.withCompression("identity"), large().setResponseCompressed(yes()));
            assertLargeReply(service, large().setResponseCompressed(no()));
        }

        void clientStreaming() {
            try (ClientStreamingClient<StreamingInputCallRequest, StreamingInputCallResponse> stream =
                    service.streamingInputCall()) {
                REQUEST_BYTES.forEach(bytes -> stream.send(input(bytes).build()));

                assertAggregated(
                        stream,
                        REQUEST_BYTES.stream().mapToInt(Integer::intValue).sum());
            }
        }

        void clientCompressedStreaming() {
            try (ClientStreamingClient<StreamingInputCallRequest, StreamingInputCallResponse> stream =
                    service.withCompression("gzip").streamingInputCall()) {
                stream.send(input(27_182).setExpectCompressed(yes()).build());
                stream.setMessageCompression(false);
                stream.send(input(45_904).setExpectCompressed(no()).build());

                assertAggregated(stream, 27_182 + 45_904);
            }
        }

        void serverStreaming() {
            StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
            RESPONSE_BYTES.forEach(bytes -> request.addResponseParameters(asked(bytes)));
            try (ServerStreamingClient<StreamingOutputCallResponse> stream =
                    service.streamingOutputCall(request.build())) {
                assertThat(sizes(stream)).isEqualTo(RESPONSE_BYTES);
            }
        }

        /** Returns which replies came compressed. */
        List<Boolean> serverCompressedStreaming() {
            List<Boolean> compressed = new ArrayList<>();
            StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                    .addResponseParameters(asked(31_415).setCompressed(yes()))
                    .addResponseParameters(asked(92_653).setCompressed(no()))
                    .build();
            try (ServerStreamingClient<StreamingOutputCallResponse> stream =
                    service.withCompression("identity").streamingOutputCall(request)) {
                List<Integer> sizes = new ArrayList<>();
                for (StreamingOutputCallResponse response : stream) {
                    sizes.add(response.getPayload().getBody().size());
                    compressed.add(stream.isLastReceivedCompressed());
                }
                assertThat(sizes).containsExactly(31_415, 92_653);
            }
            return compressed;
        }

        void pingPong() {
            try (BidiStreamingClient<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
                    service.fullDuplexCall()) {
                for (int i = 0; i < REQUEST_BYTES.size(); i++) {
                    stream.send(output(RESPONSE_BYTES.get(i), REQUEST_BYTES.get(i)));

                    assertSize(stream.recv(), RESPONSE_BYTES.get(i));
                }
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
        }

        void emptyStream() {
            try (BidiStreamingClient<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
                    service.fullDuplexCall()) {
                stream.closeSend();

                assertThat(stream.recv()).isNull();
            }
        }

        void cancelAfterBegin() {
            try (ClientStreamingClient<StreamingInputCallRequest, StreamingInputCallResponse> stream =
                    service.streamingInputCall()) {
                stream.cancel("");

                assertStatus(StatusCode.CANCELLED, stream::closeAndRecv);
            }
        }

        void cancelAfterFirstResponse() {
            try (BidiStreamingClient<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
                    service.fullDuplexCall()) {
                stream.send(output(31_415, 27_182));
                assertSize(stream.recv(), 31_415);

                stream.cancel("");

                assertStatus(StatusCode.CANCELLED, stream::recv);
            }
        }

        void timeoutOnSleepingServer() {
            TestServiceClient hasty = service.withTimeout(Duration.ofMillis(1));
            assertThatThrownBy(() -> {
                        try (BidiStreamingClient<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
                                hasty.fullDuplexCall()) {
                            stream.send(output(31_415, 27_182));
                            while (stream.recv() != null) {
                                // The timeout is what this waits for.
                            }
                        }
                    })
                    .satisfiesAnyOf(
                            // Over before the stream was opened, or under it.
                            failure -> assertThat(failure).isInstanceOf(RpcTimeoutException.class),
                            failure -> assertThat(((StatusException) failure).code())
                                    .isEqualTo(StatusCode.DEADLINE_EXCEEDED));
        }

        void statusCodeAndMessage() {
            EchoStatus asked = EchoStatus.newBuilder()
                    .setCode(StatusCode.UNKNOWN)
                    .setMessage("test status message")
                    .build();
            assertStatus(
                    asked,
                    () -> service.unaryCall(
                            SimpleRequest.newBuilder().setResponseStatus(asked).build()));
            try (BidiStreamingClient<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
                    service.fullDuplexCall()) {
                stream.send(StreamingOutputCallRequest.newBuilder()
                        .setResponseStatus(asked)
                        .build());
                stream.closeSend();

                assertStatus(asked, stream::recv);
            }
        }

        void specialStatusMessage() {
            EchoStatus asked = EchoStatus.newBuilder()
                    .setCode(StatusCode.UNKNOWN)
                    .setMessage("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")
                    .build();

            assertStatus(
                    asked,
                    () -> service.unaryCall(
                            SimpleRequest.newBuilder().setResponseStatus(asked).build()));
        }

        void customMetadata() {
            String initial = "test_initial_metadata_value";
            String trailing = BinaryValue.of(new byte[] {(byte) 0xab, (byte) 0xab, (byte) 0xab});
            try (Client withMetadata = builder(address)
                    .openingHook((call, entries) -> {
                        entries.put(StandardService.ECHO_INITIAL, initial);
                        entries.put(StandardService.ECHO_TRAILING, trailing);
                    })
                    .build()) {
                TestServiceClient asking = new TestServiceClient(withMetadata);
                Map<String, String> header = new HashMap<>();
                Map<String, String> trailer = new HashMap<>();
                assertLargeReply(asking.withHeader(header::putAll).withTrailer(trailer::putAll), large());
                assertThat(header).containsEntry(StandardService.ECHO_INITIAL, initial);
                assertThat(trailer).containsEntry(StandardService.ECHO_TRAILING, trailing);

                try (BidiStreamingClient<StreamingOutputCallRequest, StreamingOutputCallResponse> stream =
                        asking.fullDuplexCall()) {
                    stream.send(output(LARGE_RESPONSE_BYTES, LARGE_REQUEST_BYTES));
                    stream.closeSend();
                    assertSize(stream.recv(), LARGE_RESPONSE_BYTES);
                    assertThat(stream.recv()).isNull();

                    assertThat(stream.header()).containsEntry(StandardService.ECHO_INITIAL, initial);
                    assertThat(stream.trailer()).containsEntry(StandardService.ECHO_TRAILING, trailing);
                }
            }
        }

        private static void assertLargeReply(TestServiceClient service, SimpleRequest.Builder request) {
            assertThat(service.unaryCall(request.build()).getPayload().getBody().size())
                    .isEqualTo(LARGE_RESPONSE_BYTES);
        }

        private static void assertAggregated(
                ClientStreamingClient<StreamingInputCallRequest, StreamingInputCallResponse> stream, int bytes) {
            StreamingInputCallResponse reply = stream.closeAndRecv();

            assertThat(reply).isNotNull();
            assertThat(reply.getAggregatedPayloadSize()).isEqualTo(bytes);
        }

        private static void assertSize(StreamingOutputCallResponse response, int bytes) {
            assertThat(response).isNotNull();
            assertThat(response.getPayload().getBody().size()).isEqualTo(bytes);
        }

        private static List<Integer> sizes(ServerStreamingClient<StreamingOutputCallResponse> stream) {
            List<Integer> sizes = new ArrayList<>();
            stream.forEach(response -> sizes.add(response.getPayload().getBody().size()));
            return sizes;
        }

        private void assertUnimplemented(ThrowingCallable call) {
            assertStatus(StatusCode.UNIMPLEMENTED, call);
        }

        private static void assertStatus(int code, ThrowingCallable call) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            StatusException.class,
                            status -> assertThat(status.code()).isEqualTo(code));
        }

        private static void assertStatus(EchoStatus expected, ThrowingCallable call) {
            assertThatThrownBy(call)
                    .isInstanceOf(RpcException.class)
                    .isInstanceOfSatisfying(StatusException.class, status -> {
                        assertThat(status.code()).isEqualTo(expected.getCode());
                        assertThat(status.statusMessage()).isEqualTo(expected.getMessage());
                    });
        }

        private static SimpleRequest.Builder large() {
            return SimpleRequest.newBuilder()
                    .setResponseSize(LARGE_RESPONSE_BYTES)
                    .setPayload(StandardService.payload(LARGE_REQUEST_BYTES));
        }

        private static StreamingInputCallRequest.Builder input(int bytes) {
            return StreamingInputCallRequest.newBuilder().setPayload(StandardService.payload(bytes));
        }

        private static StreamingOutputCallRequest output(int responseBytes, int requestBytes) {
            return StreamingOutputCallRequest.newBuilder()
                    .addResponseParameters(asked(responseBytes))
                    .setPayload(StandardService.payload(requestBytes))
                    .build();
        }

        private static ResponseParameters.Builder asked(int bytes) {
            return ResponseParameters.newBuilder().setSize(bytes);
        }

        private static BoolValue yes() {
            return BoolValue.newBuilder().setValue(true).build();
        }

        private static BoolValue no() {
            return BoolValue.getDefaultInstance();
        }
    }
}
