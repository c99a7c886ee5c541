package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.PingPong;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.thrift.UnaryResult;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Services that share their simple name on one server, as versions of a Protobuf package do, and a service that moves from
 * Thrift to Protobuf.
 */
@Timeout(60)
class ServicesOfOneNameTest {
    private static final String BOTH =
            "a.v1.Echo and a.v2.Echo are served (expected: the full name of one, which gRPC" + " alone carries)";

    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    /** How the service named Echo of one package is called and served: each method answers with the service's full name. */
    private record Echo(String grpcPackage, PayloadFormat format) {
        static final Echo V1 = new Echo("a.v1", PayloadFormat.PROTOBUF);
        static final Echo V2 = new Echo("a.v2", PayloadFormat.PROTOBUF);
        static final Echo V3 = new Echo("a.v3", PayloadFormat.PROTOBUF);
        static final Echo NO_PACKAGE = new Echo("", PayloadFormat.PROTOBUF);
        static final Echo THRIFT = new Echo("echo", PayloadFormat.THRIFT);

        MethodDescriptor<String, String> stream(String name) {
            return MethodDescriptor.streaming(
                            "Echo", name, StreamingMode.BIDIRECTIONAL, EchoService.TEXT, EchoService.TEXT)
                    .withFormat(format)
                    .withGrpcPackage(grpcPackage);
        }

        MethodDescriptor<String, String> unary(String name) {
            return MethodDescriptor.unary("Echo", name, EchoService.TEXT, UnaryResult.of(EchoService.TEXT))
                    .withFormat(format)
                    .withGrpcPackage(grpcPackage);
        }

        /** With the methods that all have, and one that this alone has. */
        ServiceDefinition definition(String own) {
            List<MethodDescriptor<?, ?>> methods =
                    List.of(stream("Chat"), unary("Say"), stream("Chat" + own), unary("Say" + own));
            ServiceDescriptor descriptor = new ServiceDescriptor("Echo", grpcPackage, format, methods);
            String name = descriptor.fullName();
            return ServiceDefinition.builder(descriptor)
                    .bidiStreaming(stream("Chat"), stream -> stream.send(name))
                    .unary(unary("Say"), request -> name)
                    .bidiStreaming(stream("Chat" + own), stream -> stream.send(name))
                    .unary(unary("Say" + own), request -> name)
                    .build();
        }
    }

    private Server serveVersions(Consumer<Server.Builder> more) {
        return ends.serve(
                Echo.V1.definition("InV1"),
                builder -> builder.service(Echo.V2.definition("InV2")).with(more));
    }

    private Server serveVersions() {
        return serveVersions(plain -> {});
    }

    private Client overGrpc(Server server) {
        return ends.connect(server, builder -> builder.transport(Transport.GRPC));
    }

    private Client overTTHeader(Server server, PingPong carrier) {
        return ends.connect(
                server, builder -> builder.transport(Transport.TTHEADER).pingPong(carrier));
    }

    private static String answer(Client client, MethodDescriptor<String, String> method) {
        if (method.mode() == StreamingMode.UNARY) {
            return client.call(method, "m", CallOptions.NONE);
        }
        try (var stream = client.bidiStreaming(method, CallOptions.NONE)) {
            return stream.recv();
        }
    }

    private static void assertStatus(Client client, MethodDescriptor<String, String> method, int code, String message) {
        assertThatThrownBy(() -> answer(client, method)).isInstanceOfSatisfying(StatusException.class, status -> {
            assertThat(status.code()).isEqualTo(code);
            assertThat(status.statusMessage()).isEqualTo(message);
        });
    }

    @Test
    void overGrpcTheFullNameDecides() {
        Client client = overGrpc(serveVersions());
        for (Echo version : List.of(Echo.V1, Echo.V2)) {
            assertThat(answer(client, version.unary("Say"))).isEqualTo(version.grpcPackage() + ".Echo");
            assertThat(answer(client, version.stream("Chat"))).isEqualTo(version.grpcPackage() + ".Echo");
        }
        assertStatus(
                client,
                Echo.V1.unary("SayInV2"),
                StatusCode.UNIMPLEMENTED,
                "unknown method SayInV2 for service a.v1.Echo");
    }

    @Test
    void overGrpcAnotherPackageOrNoneWillDoWhileOneServiceAloneFits() {
        Client client = overGrpc(serveVersions());
        for (Echo other : List.of(Echo.V3, Echo.NO_PACKAGE)) {
            assertThat(answer(client, other.unary("SayInV1"))).isEqualTo("a.v1.Echo");
            assertThat(answer(client, other.stream("ChatInV2"))).isEqualTo("a.v2.Echo");
        }
        assertStatus(client, Echo.V3.unary("Say"), StatusCode.UNIMPLEMENTED, "unknown service a.v3.Echo: " + BOTH);
        assertStatus(client, Echo.NO_PACKAGE.stream("Chat"), StatusCode.UNIMPLEMENTED, "unknown service Echo: " + BOTH);
        assertStatus(
                client,
                Echo.V3.unary("Nothing"),
                StatusCode.UNIMPLEMENTED,
                "unknown method Nothing for service a.v3.Echo");
    }

    @Test
    void onTTHeaderStreamsTheMethodDecidesAndACallThatFitsBothIsRefused() {
        Client client = overTTHeader(serveVersions(), PingPong.TTHEADER);
        assertThat(answer(client, Echo.V1.stream("ChatInV1"))).isEqualTo("a.v1.Echo");
        assertThat(answer(client, Echo.V1.stream("ChatInV2"))).isEqualTo("a.v2.Echo");
        assertThatThrownBy(() -> answer(client, Echo.V1.stream("Chat")))
                .isInstanceOfSatisfying(
                        StreamException.class,
                        failure -> assertThat(failure.code()).isEqualTo(12001))
                .hasMessageEndingWith("unknown service Echo: " + BOTH);
        assertThatThrownBy(() -> answer(client, Echo.V1.stream("Nothing")))
                .hasMessageEndingWith("unknown method Nothing");
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "TTHEADER_FRAMED"})
    void ofUnaryCallsThatNameTheirServiceToo(PingPong carrier) {
        Client client = overTTHeader(serveVersions(), carrier);
        assertThat(answer(client, Echo.V1.unary("SayInV2"))).isEqualTo("a.v2.Echo");
        assertThatThrownBy(() -> answer(client, Echo.V1.unary("Say")))
                .isInstanceOfSatisfying(
                        ApplicationException.class,
                        failure -> assertThat(failure.type()).isEqualTo(ApplicationException.UNKNOWN_SERVICE))
                .hasMessageEndingWith("unknown service Echo: " + BOTH);
    }

    @Test
    void unaryCallsThatNameNoServiceGoToTheFirstThatHasTheMethod() {
        Echo other = new Echo("other", PayloadFormat.THRIFT);
        Server server =
                ends.serve(Echo.THRIFT.definition("InThrift"), builder -> builder.service(other.definition("InOther")));
        Client client = overTTHeader(server, PingPong.FRAMED);
        assertThat(answer(client, other.unary("Say"))).isEqualTo("echo.Echo");
        assertThat(answer(client, other.unary("SayInOther"))).isEqualTo("other.Echo");
    }

    @ParameterizedTest
    @EnumSource
    void aServiceInThriftAndOneInProtobufAreToldApartByWhatCallsAreWrittenIn(PingPong carrier) {
        Server server =
                ends.serve(Echo.V1.definition("InV1"), builder -> builder.service(Echo.THRIFT.definition("InThrift")));
        Client client = overTTHeader(server, carrier);
        assertThat(answer(client, Echo.THRIFT.unary("Say"))).isEqualTo("echo.Echo");
        assertThat(answer(client, Echo.THRIFT.stream("Chat"))).isEqualTo("echo.Echo");
        assertThat(answer(client, Echo.V1.unary("Say"))).isEqualTo("a.v1.Echo");

        Client grpc = overGrpc(server);
        assertThat(answer(grpc, Echo.V3.unary("Say"))).isEqualTo("a.v1.Echo");
        assertThat(answer(grpc, new Echo("", PayloadFormat.THRIFT).stream("Chat")))
                .isEqualTo("echo.Echo");
        assertStatus(
                grpc,
                new Echo("a.v1", PayloadFormat.THRIFT).unary("Say"),
                StatusCode.FAILED_PRECONDITION,
                "decode failed, codec msg type not match with thriftCodec: Echo.Say with content-type"
                        + " application/grpc+thrift (expected: application/grpc)");
    }

    @Test
    void aServerThatInsistsOnTheServicesNameDoesNotGoByTheMethod() {
        Server server = serveVersions(builder -> builder.requireServiceName());
        Client grpc = overGrpc(server);
        assertThat(answer(grpc, Echo.V2.unary("SayInV2"))).isEqualTo("a.v2.Echo");
        assertStatus(grpc, Echo.V3.unary("SayInV2"), StatusCode.UNIMPLEMENTED, "unknown service a.v3.Echo: " + BOTH);
        assertThatThrownBy(() -> answer(overTTHeader(server, PingPong.TTHEADER), Echo.V2.stream("ChatInV2")))
                .hasMessageEndingWith("unknown service Echo: " + BOTH);
    }

    @Test
    void whatSeveralServicesHaveIsNotForTheHandlersOfUnknownMethods() {
        Server server = serveVersions(builder -> builder.unknownMethodHandler((call, stream) -> {
                    throw new AssertionError(call.method());
                })
                .unknownUnaryMethodHandler((call, request) -> {
                    throw new AssertionError(call.method());
                }));
        Client client = overTTHeader(server, PingPong.TTHEADER);
        assertThatThrownBy(() -> answer(client, Echo.V1.stream("Chat"))).hasMessageEndingWith(BOTH);
        assertThatThrownBy(() -> answer(client, Echo.V1.unary("Say"))).hasMessageEndingWith(BOTH);
        assertStatus(
                overGrpc(server), Echo.V3.unary("Say"), StatusCode.UNIMPLEMENTED, "unknown service a.v3.Echo: " + BOTH);
    }

    @Test
    void twoOfOneFullNameAreRefusedByThatName() {
        ServiceDefinition inThrift = new Echo("a.v1", PayloadFormat.THRIFT).definition("InThrift");
        assertThatThrownBy(() -> serveVersions(builder -> builder.service(inThrift)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service: a.v1.Echo was given twice (expected: once)");
    }
}
