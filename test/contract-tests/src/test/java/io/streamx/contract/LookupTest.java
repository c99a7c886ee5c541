package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.StreamingMode;
import io.streamx.UnknownMethodHandler;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How a server finds the method of a stream among several services, and what it does when it finds none. */
class LookupTest extends OnEveryTransport {
    private static final UnknownMethodHandler NAMES_AND_ECHOES = (call, stream) -> {
        stream.setHeader(Map.of("called", call.service() + "." + call.method()));
        for (byte[] payload : stream) {
            stream.send(payload);
        }
    };

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

    private static void assertFails(Client client, String service, String method, Consumer<Throwable> expected) {
        assertThatThrownBy(() -> answer(client, service, method)).satisfies(expected);
    }

    @Test
    void aKnownServiceIsAskedForItsOwnMethodsAlone() {
        Client client = ends.connect(ends.serve(
                service("First", "Shared", "OfFirst"),
                builder -> builder.service(service("Second", "Shared", "OfSecond"))));
        assertThat(answer(client, "First", "Shared")).isEqualTo("First.Shared");
        assertThat(answer(client, "Second", "Shared")).isEqualTo("Second.Shared");
        assertFails(client, "First", "OfSecond", errors().unknownMethod("OfSecond"));
    }

    @Test
    void aServiceThatNobodyHasIsUnknown() {
        Client client = ends.connect(ends.serve(service("First", "OfFirst")));
        assertFails(client, "Renamed", "OfNobody", errors().unknownService("Renamed"));
    }

    @Test
    void aServerThatInsistsOnTheServicesNameFindsNothingWithoutIt() {
        Client client = ends.connect(
                ends.serve(service("First", "Shared", "OfFirst"), builder -> builder.requireServiceName()));
        assertThat(answer(client, "First", "OfFirst")).isEqualTo("First.OfFirst");
        assertFails(client, "Renamed", "OfFirst", errors().unknownService("Renamed"));
    }

    @Test
    void aClientRefusesAMethodCalledInAnotherModeThanItsOwn() {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        assertThatThrownBy(() -> client.bidiStreaming(EchoService.SAY, CallOptions.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mode of EchoService.Say: UNARY (expected: BIDIRECTIONAL)");
        assertThatThrownBy(() -> client.call(EchoService.BIDI, "m", CallOptions.NONE))
                .hasMessage("mode of EchoService.Bidi: BIDIRECTIONAL (expected: UNARY)");
        assertThatThrownBy(() -> client.clientStreaming(EchoService.PRODUCE, CallOptions.NONE))
                .hasMessage("mode of EchoService.Produce: SERVER (expected: CLIENT)");
        assertThatThrownBy(() -> client.serverStreaming(EchoService.COLLECT, "m", CallOptions.NONE))
                .hasMessage("mode of EchoService.Collect: CLIENT (expected: SERVER)");
    }

    // ---- a handler for what no service has ----

    /** Messages as they are. */
    private static final class Bytes implements MessageCodec<byte[]> {
        @Override
        public void encode(byte[] message, ByteBuf out) {
            out.writeBytes(message);
        }

        @Override
        public byte[] decode(ByteBuf in) {
            return ByteBufUtil.getBytes(in);
        }
    }

    @Test
    void unknownMethodsAndServicesGoToTheirHandlerWithTheBytesAsTheyCame() {
        Client client =
                ends.connect(ends.serve(EchoService.echo(), builder -> builder.unknownMethodHandler(NAMES_AND_ECHOES)));
        byte[] noThrift = {(byte) 0xff, 0, 1, 2};
        for (String service : List.of("EchoService", "Elsewhere")) {
            MethodDescriptor<byte[], byte[]> method = MethodDescriptor.streaming(
                    service, "Nothing", StreamingMode.BIDIRECTIONAL, new Bytes(), new Bytes());
            try (var stream = client.bidiStreaming(method, CallOptions.NONE)) {
                stream.send(noThrift);
                stream.send(new byte[0]);
                stream.closeSend();
                assertThat(stream.recv()).isEqualTo(noThrift);
                assertThat(stream.recv()).isEmpty();
                assertThat(stream.recv()).isNull();
                assertThat(stream.header()).containsOnly(Map.entry("called", service + ".Nothing"));
            }
        }
    }

    @Test
    void knownMethodsDoNotGoToTheHandlerForUnknownOnes() {
        Client client = ends.connect(ends.serve(
                service("First", "OfFirst"),
                builder -> builder.unknownMethodHandler((call, stream) -> {
                    throw new AssertionError(call.method());
                })));
        assertThat(answer(client, "First", "OfFirst")).isEqualTo("First.OfFirst");
    }

    @Test
    void middlewareStandsAroundTheHandlerForUnknownMethodsToo() {
        AtomicInteger seen = new AtomicInteger();
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.unknownMethodHandler(NAMES_AND_ECHOES)
                        .streamMiddleware(next -> (call, stream) -> {
                            if (call.method().equals("Forbidden")) {
                                throw new IllegalStateException("not you");
                            }
                            next.handle(call, stream);
                        })
                        .recvMiddleware(next -> stream -> {
                            seen.incrementAndGet();
                            return next.recv(stream);
                        }));
        Client client = ends.connect(server);
        assertFails(client, "Nowhere", "Forbidden", errors().middlewareFailed("not you"));
        try (var stream = client.bidiStreaming(method("Nowhere", "Free"), CallOptions.NONE)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(seen).hasValue(2);
    }

    @Test
    void aFailureOfTheHandlerForUnknownMethodsIsThatOfAHandler() {
        Client client = ends.connect(ends.serve(
                EchoService.echo(),
                builder -> builder.unknownMethodHandler((call, stream) -> {
                    throw new IllegalStateException("nor do I know " + call.method());
                })));
        assertFails(client, "Nowhere", "Nothing", errors().handlerFailed("nor do I know Nothing"));
    }
}
