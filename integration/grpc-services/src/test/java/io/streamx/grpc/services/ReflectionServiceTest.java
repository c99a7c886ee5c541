package io.streamx.grpc.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.grpc.services.reflection.v1.ExtensionRequest;
import io.streamx.grpc.services.reflection.v1.ServerReflectionClient;
import io.streamx.grpc.services.reflection.v1.ServerReflectionRequest;
import io.streamx.grpc.services.reflection.v1.ServerReflectionResponse;
import io.streamx.grpc.services.reflection.v1.ServiceResponse;
import io.streamx.grpc.services.sample.Sample;
import io.streamx.grpc.services.sample.SampleProto;
import io.streamx.grpc.services.sample.Sampler;
import io.streamx.protobuf.ProtobufMethod;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReflectionServiceTest {
    private static Server server;
    private static Client client;

    private static final class Handler implements Sampler {
        @Override
        public Sample take(Sample request) {
            return request;
        }

        @Override
        public void drop(Empty request, ServerStreamingServer<Sample> stream) {}
    }

    @BeforeAll
    static void serve() {
        ServiceDescriptor withoutSchema = new ServiceDescriptor("Undescribed", "", PayloadFormat.THRIFT, List.of());
        server = Server.builder()
                .port(0)
                .service(ReflectionService::of)
                .service(Sampler.bind(new Handler()))
                .service(ServiceDefinition.builder(withoutSchema).build())
                .service(new HealthService().definition())
                .start();
        client = Client.builder("reflection")
                .address("127.0.0.1:" + server.port())
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static ServerReflectionRequest.Builder request() {
        return ServerReflectionRequest.newBuilder().setHost("here");
    }

    private static ServerReflectionRequest symbol(String name) {
        return request().setFileContainingSymbol(name).build();
    }

    private static List<ServerReflectionResponse> ask(ServerReflectionRequest... requests) {
        List<ServerReflectionResponse> answers = new ArrayList<>();
        try (var stream = new ServerReflectionClient(client).serverReflectionInfo()) {
            for (ServerReflectionRequest request : requests) {
                stream.send(request);
                ServerReflectionResponse answer = Objects.requireNonNull(stream.recv());
                assertThat(answer.getOriginalRequest()).isEqualTo(request);
                assertThat(answer.getValidHost()).isEqualTo("here");
                answers.add(answer);
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        return answers;
    }

    private static List<String> files(ServerReflectionResponse answer) {
        List<String> names = new ArrayList<>();
        for (ByteString file : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            try {
                names.add(FileDescriptorProto.parseFrom(file).getName());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
        return names;
    }

    private static void assertUnknown(ServerReflectionRequest request, String message) {
        ServerReflectionResponse answer = ask(request).getFirst();
        assertThat(answer.getErrorResponse().getErrorCode()).isEqualTo(StatusCode.NOT_FOUND);
        assertThat(answer.getErrorResponse().getErrorMessage()).isEqualTo(message);
    }

    @Test
    void servicesWithProtosAreListedInOrder() {
        assertThat(ask(request().setListServices("*").build())
                        .getFirst()
                        .getListServicesResponse()
                        .getServiceList())
                .extracting(ServiceResponse::getName)
                .containsExactly("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "sample.Sampler");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sample.Sampler",
                "sample.Sampler.Take",
                "sample.Sample",
                "sample.Sample.text",
                "sample.Sample.Nested",
                "sample.Kind",
                "sample.SMALL",
                "sample.more"
            })
    void aSymbolIsAnsweredByItsFileAndWhatThatImports(String symbol) {
        ServerReflectionResponse answer = ask(symbol(symbol)).getFirst();

        assertThat(files(answer)).containsExactly("sample.proto", "google/protobuf/empty.proto", "part.proto");
        assertThat(answer.getFileDescriptorResponse().getFileDescriptorProto(0))
                .isEqualTo(SampleProto.getDescriptor().toProto().toByteString());
    }

    @Test
    void importsAreSentOnceForEachStream() {
        List<ServerReflectionResponse> answers =
                ask(symbol("sample.Sampler"), symbol("sample.Sample"), symbol("sample.part.Part"));

        assertThat(answers)
                .extracting(ReflectionServiceTest::files)
                .containsExactly(
                        List.of("sample.proto", "google/protobuf/empty.proto", "part.proto"),
                        List.of("sample.proto"),
                        List.of("part.proto"));
    }

    @Test
    void aFileIsFoundByItsName() {
        assertThat(files(ask(request().setFileByFilename("part.proto").build()).getFirst()))
                .containsExactly("part.proto");
        assertUnknown(request().setFileByFilename("a.proto").build(), "file a.proto is not known here");
    }

    @Test
    void extensionsAreFoundByTypeAndNumber() {
        ServerReflectionRequest known = request()
                .setFileContainingExtension(ExtensionRequest.newBuilder()
                        .setContainingType("sample.Sample")
                        .setExtensionNumber(110))
                .build();
        assertThat(files(ask(known).getFirst())).startsWith("sample.proto");
        assertUnknown(
                request()
                        .setFileContainingExtension(ExtensionRequest.newBuilder()
                                .setContainingType("sample.Sample")
                                .setExtensionNumber(102))
                        .build(),
                "extension 102 of sample.Sample is not known here");

        assertThat(ask(request().setAllExtensionNumbersOfType("sample.Sample").build())
                        .getFirst()
                        .getAllExtensionNumbersResponse()
                        .getExtensionNumberList())
                .containsExactly(101, 110);
        assertThat(ask(request()
                                .setAllExtensionNumbersOfType("sample.Sample.Nested")
                                .build())
                        .getFirst()
                        .hasAllExtensionNumbersResponse())
                .isTrue();
        assertUnknown(
                request().setAllExtensionNumbersOfType("sample.Sampler").build(),
                "message sample.Sampler is not known here");
    }

    @Test
    void anUnknownSymbolIsAnErrorOfTheRequestAndNotOfTheStream() {
        List<ServerReflectionResponse> answers =
                ask(symbol("sample.Nothing"), symbol("Undescribed"), symbol("sample.Kind"));

        assertThat(answers.get(0).getErrorResponse().getErrorMessage())
                .isEqualTo("symbol sample.Nothing is not known here");
        assertThat(answers.get(1).hasErrorResponse()).isTrue();
        assertThat(answers.get(2).hasFileDescriptorResponse()).isTrue();
    }

    @Test
    void aRequestForNothingSaysSo() {
        assertThat(ask(request().build()).getFirst().getErrorResponse().getErrorCode())
                .isEqualTo(StatusCode.INVALID_ARGUMENT);
    }

    @Test
    void callersOfTheOlderPackageAreAnsweredToo() {
        MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> older = ProtobufMethod.streaming(
                "grpc.reflection.v1alpha",
                "ServerReflection",
                "ServerReflectionInfo",
                StreamingMode.BIDIRECTIONAL,
                ServerReflectionRequest.getDefaultInstance(),
                ServerReflectionResponse.getDefaultInstance());
        try (var stream = client.bidiStreaming(older, CallOptions.NONE)) {
            stream.send(symbol("sample.Sampler"));
            assertThat(files(Objects.requireNonNull(stream.recv()))).startsWith("sample.proto");
        }
    }
}
