package io.streamx.interop;

import com.google.protobuf.ByteString;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.interop.testing.BoolValue;
import io.streamx.interop.testing.EchoStatus;
import io.streamx.interop.testing.Empty;
import io.streamx.interop.testing.Payload;
import io.streamx.interop.testing.ResponseParameters;
import io.streamx.interop.testing.SimpleRequest;
import io.streamx.interop.testing.SimpleResponse;
import io.streamx.interop.testing.StreamingInputCallRequest;
import io.streamx.interop.testing.StreamingInputCallResponse;
import io.streamx.interop.testing.StreamingOutputCallRequest;
import io.streamx.interop.testing.StreamingOutputCallResponse;
import io.streamx.interop.testing.TestServiceMethods;
import io.streamx.server.Server;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/** A Java server of the standard gRPC interop service, for any client that plays the standard cases. */
final class StandardService implements AutoCloseable {
    static final String ECHO_INITIAL = "x-grpc-test-echo-initial";
    static final String ECHO_TRAILING = "x-grpc-test-echo-trailing-bin";

    /** h2spec opens one more than are allowed, all at once; with leaks watched for that is slow. */
    private static final int MAX_STREAMS = 500;

    /** What calls came with, for as long as somebody holds them. */
    private final Map<CallContext, Map<String, String>> openedWith = Collections.synchronizedMap(new WeakHashMap<>());

    private final Server server;

    /** Starts serving. */
    StandardService() {
        this(server -> {});
    }

    /** Starts serving with what {@code settings} adds. */
    StandardService(Consumer<Server.Builder> settings) {
        Server.Builder builder = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .maxConcurrentStreams(MAX_STREAMS)
                .openedHook((call, intEntries, entries) -> openedWith.put(call, entries))
                .service(definition());
        settings.accept(builder);
        server = builder.start();
    }

    /** All methods but the one that no server has. */
    private ServiceDefinition definition() {
        ServiceDescriptor all = TestServiceMethods.DESCRIPTOR;
        ServiceDescriptor served = new ServiceDescriptor(
                all.name(),
                all.grpcPackage(),
                all.format(),
                all.methods().stream()
                        .filter(method -> method != TestServiceMethods.UNIMPLEMENTED_CALL)
                        .toList(),
                all.schema());
        return ServiceDefinition.builder(served)
                .unary(TestServiceMethods.EMPTY_CALL, (Empty request) -> request)
                .unary(TestServiceMethods.UNARY_CALL, this::unary)
                .serverStreaming(TestServiceMethods.STREAMING_OUTPUT_CALL, StandardService::output)
                .clientStreaming(TestServiceMethods.STREAMING_INPUT_CALL, StandardService::input)
                .bidiStreaming(TestServiceMethods.FULL_DUPLEX_CALL, this::fullDuplex)
                .bidiStreaming(TestServiceMethods.HALF_DUPLEX_CALL, StandardService::halfDuplex)
                .build();
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    int port() {
        return server.port();
    }

    private SimpleResponse unary(SimpleRequest request) {
        CallContext call = CallContext.current();
        echoMetadata(call::setHeader, call::setTrailer);
        failUnlessAsExpected(request.getExpectCompressed(), call.isRequestCompressed());
        failIfAsked(request.getResponseStatus());
        if (request.getResponseCompressed().getValue()) {
            call.setCompression("gzip");
        }
        return SimpleResponse.newBuilder()
                .setPayload(payload(request.getResponseSize()))
                .build();
    }

    private static void output(
            StreamingOutputCallRequest request, ServerStreamingServer<StreamingOutputCallResponse> stream)
            throws Exception {
        failIfAsked(request.getResponseStatus());
        if (request.getResponseParametersList().stream()
                .anyMatch(one -> one.getCompressed().getValue())) {
            CallContext.current().setCompression("gzip");
        }
        for (ResponseParameters asked : request.getResponseParametersList()) {
            HandlerCommands.linger(CallContext.current(), Duration.ofNanos(1000L * asked.getIntervalUs()));
            stream.setMessageCompression(asked.getCompressed().getValue());
            stream.send(response(asked));
        }
    }

    private static void input(ClientStreamingServer<StreamingInputCallRequest, StreamingInputCallResponse> stream) {
        int bytes = 0;
        for (StreamingInputCallRequest request : stream) {
            failUnlessAsExpected(request.getExpectCompressed(), stream.isLastReceivedCompressed());
            bytes += request.getPayload().getBody().size();
        }
        stream.sendAndClose(StreamingInputCallResponse.newBuilder()
                .setAggregatedPayloadSize(bytes)
                .build());
    }

    private void fullDuplex(BidiStreamingServer<StreamingOutputCallRequest, StreamingOutputCallResponse> stream)
            throws Exception {
        echoMetadata(stream::setHeader, stream::setTrailer);
        for (StreamingOutputCallRequest request : stream) {
            failIfAsked(request.getResponseStatus());
            for (ResponseParameters asked : request.getResponseParametersList()) {
                HandlerCommands.linger(CallContext.current(), Duration.ofNanos(1000L * asked.getIntervalUs()));
                stream.send(response(asked));
            }
        }
    }

    private static void halfDuplex(
            BidiStreamingServer<StreamingOutputCallRequest, StreamingOutputCallResponse> stream) {
        List<StreamingOutputCallRequest> requests = new ArrayList<>();
        stream.forEach(requests::add);
        requests.stream()
                .flatMap(request -> request.getResponseParametersList().stream())
                .forEach(asked -> stream.send(response(asked)));
    }

    private void echoMetadata(Consumer<Map<String, String>> header, Consumer<Map<String, String>> trailer) {
        Map<String, String> entries = openedWith.getOrDefault(CallContext.current(), Map.of());
        if (entries.containsKey(ECHO_INITIAL)) {
            header.accept(Map.of(ECHO_INITIAL, entries.get(ECHO_INITIAL)));
        }
        if (entries.containsKey(ECHO_TRAILING)) {
            trailer.accept(Map.of(ECHO_TRAILING, entries.get(ECHO_TRAILING)));
        }
    }

    /** The standard has it so for what should be compressed alone: what came so uninvited is served. */
    private static void failUnlessAsExpected(BoolValue compressionExpected, boolean compressed) {
        if (compressionExpected.getValue() && !compressed) {
            throw new StatusException(
                    StatusCode.INVALID_ARGUMENT,
                    "a message that came as it is (expected: compressed, as its expect_compressed says)");
        }
    }

    private static void failIfAsked(EchoStatus status) {
        if (status.getCode() != 0) {
            throw new StatusException(status.getCode(), status.getMessage());
        }
    }

    private static StreamingOutputCallResponse response(ResponseParameters asked) {
        return StreamingOutputCallResponse.newBuilder()
                .setPayload(payload(asked.getSize()))
                .build();
    }

    static Payload payload(int bytes) {
        return Payload.newBuilder()
                .setBody(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    @Override
    public void close() {
        server.close();
    }
}
