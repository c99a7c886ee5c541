package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.StreamingMode;
import io.streamx.UnknownMethodHandler;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.frame.FrameType;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server finds the method of a stream whose service is not named or has another name. */
@Timeout(60)
class ServiceNameLookupTest {
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    /** A service whose bidirectional methods answer with the service's name. */
    private static ServiceDefinition service(String name, String... methods) {
        List<MethodDescriptor<String, String>> all =
                List.of(methods).stream().map(method -> method(name, method)).toList();
        ServiceDefinition.Builder builder =
                ServiceDefinition.builder(new ServiceDescriptor(name, "", PayloadFormat.THRIFT, List.copyOf(all)));
        for (MethodDescriptor<String, String> method : all) {
            builder.bidiStreaming(method, stream -> stream.send(name + "." + method.name()));
        }
        return builder.build();
    }

    private static MethodDescriptor<String, String> method(String service, String name) {
        return MethodDescriptor.streaming(
                service, name, StreamingMode.BIDIRECTIONAL, EchoService.TEXT, EchoService.TEXT);
    }

    private static String answer(Client client, String service, String method) {
        try (var stream = client.bidiStreaming(method(service, method), CallOptions.NONE)) {
            return stream.recv();
        }
    }

    private static void assertUnknown(Client client, String service, String method, String text) {
        assertThatThrownBy(() -> answer(client, service, method))
                .hasMessage("[ttstream error, code=12001] [client-side stream] " + text);
    }

    private Server serveBoth() {
        return ends.serve(
                service("First", "Shared", "OfFirst"),
                builder -> builder.service(service("Second", "Shared", "OfSecond")));
    }

    @Test
    void anUnknownServiceIsTheOnlyOneThatHasTheMethod() {
        Client client = ends.connect(serveBoth());
        assertThat(answer(client, "Renamed", "OfSecond")).isEqualTo("Second.OfSecond");
        assertUnknown(client, "Renamed", "Shared", "unknown service Renamed");
        assertUnknown(client, "Renamed", "OfNobody", "unknown service Renamed");
    }

    @Test
    void withoutAServicesNameTheFirstThatHasTheMethodServes() {
        Server server = serveBoth();
        try (ScriptedPeer peer = ScriptedPeer.connect(new InetSocketAddress("127.0.0.1", server.port()))) {
            peer.send(Frames.header(1, "Shared", Map.of()), Frames.header(2, "OfSecond", Map.of()));
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.DATA, 1).payload()).isEqualTo(EchoService.encoded("First.Shared"));
            peer.expect(FrameType.HEADER, 2);
            assertThat(peer.expect(FrameType.DATA, 2).payload()).isEqualTo(EchoService.encoded("Second.OfSecond"));
        }
    }

    @Test
    void aServerThatInsistsOnTheServicesNameFindsNothingWithoutIt() {
        Server server = ends.serve(service("First", "Shared", "OfFirst"), builder -> builder.requireServiceName());
        Client client = ends.connect(server);
        assertThat(answer(client, "First", "OfFirst")).isEqualTo("First.OfFirst");
        assertUnknown(client, "Renamed", "OfFirst", "unknown service Renamed");
        try (ScriptedPeer peer = ScriptedPeer.connect(new InetSocketAddress("127.0.0.1", server.port()))) {
            peer.send(Frames.header(1, "OfFirst", Map.of()));
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.TRAILER, 1).payload())
                    .isEqualTo(Frames.exception("OfFirst", 1, 20, "unknown service "));
        }
    }

    @Test
    void aMethodThatIsUnaryIsNoStream() {
        Server server = ends.serve(EchoService.echo());
        try (ScriptedPeer peer = ScriptedPeer.connect(new InetSocketAddress("127.0.0.1", server.port()))) {
            peer.send(Frames.open(1, "EchoService", "Say"), Frames.data(1, "Say", EchoService.encoded("m")));
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.TRAILER, 1).payload())
                    .isEqualTo(Frames.exception(
                            "Say", 1, 6, "EchoService.Say was called as a stream (expected: as a unary method)"));
        }
    }

    // ---- a handler for what no service has ----

    private static final UnknownMethodHandler NAMES_AND_ECHOES = (call, stream) -> {
        stream.setHeader(Map.of("called", call.service() + "." + call.method()));
        for (byte[] payload : stream) {
            stream.send(payload);
        }
    };

    @Test
    void unknownMethodsAndServicesGoToTheirHandlerWithTheBytesAsTheyCame() {
        Server server = ends.serve(EchoService.echo(), builder -> builder.unknownMethodHandler(NAMES_AND_ECHOES));
        try (ScriptedPeer peer = ScriptedPeer.connect(new InetSocketAddress("127.0.0.1", server.port()))) {
            byte[] noThrift = {(byte) 0xff, 0, 1, 2};
            peer.send(
                    Frames.open(1, "EchoService", "Nothing"),
                    Frames.data(1, "Nothing", noThrift),
                    Frames.data(1, "Nothing", new byte[0]),
                    Frames.trailer(1, "Nothing", Map.of()));
            assertThat(peer.expect(FrameType.HEADER, 1).strings()).containsEntry("called", "EchoService.Nothing");
            assertThat(peer.expect(FrameType.DATA, 1).payload()).isEqualTo(noThrift);
            assertThat(peer.expect(FrameType.DATA, 1).payload()).isEmpty();
            assertThat(peer.expect(FrameType.TRAILER, 1).payload()).isEmpty();

            peer.send(Frames.open(2, "Elsewhere", "Something"), Frames.trailer(2, "Something", Map.of()));
            assertThat(peer.expect(FrameType.HEADER, 2).strings()).containsEntry("called", "Elsewhere.Something");
            peer.expect(FrameType.TRAILER, 2);
        }
    }

    @Test
    void knownMethodsDoNotGoToTheHandlerForUnknownOnes() {
        Server server = ends.serve(
                service("First", "OfFirst"),
                builder -> builder.unknownMethodHandler((call, stream) -> {
                    throw new AssertionError(call.method());
                }));
        Client client = ends.connect(server);
        assertThat(answer(client, "First", "OfFirst")).isEqualTo("First.OfFirst");
        assertThat(answer(client, "Renamed", "OfFirst")).isEqualTo("First.OfFirst");
    }
}
