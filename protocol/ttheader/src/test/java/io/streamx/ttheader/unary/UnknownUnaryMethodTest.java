package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.UnknownUnaryMethodHandler;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ResultCodec;
import io.streamx.ttheader.unary.Echo.Refused;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that knows none of the methods called and hands their bytes to one handler, as a proxy does. */
@Timeout(60)
class UnknownUnaryMethodTest {
    /** A proxy has no service of its own. */
    private static Server serve(UnknownUnaryMethodHandler handler) {
        return Server.builder().port(0).unknownUnaryMethodHandler(handler).start();
    }

    private static Client client(int port, PingPong carrier) {
        return Client.builder("demo.echo")
                .address("127.0.0.1:" + port)
                .pingPong(carrier)
                .build();
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void aProxyPassesOnEveryKindOfOutcome(PingPong carrier) {
        try (Server behind = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ObedientHandler()))
                        .start();
                Client toBehind = client(behind.port(), PingPong.TTHEADER);
                Server proxy = serve((call, request) -> Objects.requireNonNull(toBehind.call(
                        MethodDescriptor.unary("Echo", call.method(), MessageCodec.raw(), ResultCodec.raw()),
                        request,
                        CallOptions.NONE)));
                Client client = client(proxy.port(), carrier)) {
            EchoClient echo = new EchoClient(client);

            assertThat(echo.say("hello")).isEqualTo("hello");
            assertThat(echo.join("a", "b")).isEqualTo("ab");
            echo.ping();
            assertThatThrownBy(() -> echo.say("refuse")).isInstanceOf(Refused.class);
            assertThatThrownBy(() -> echo.call(Echo.MISSING, "x"))
                    .hasMessage("unknown method Missing (service Echo) [biz error]");
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void theHandlerKnowsWhatWasCalled(PingPong carrier) {
        try (Server server = serve((call, request) -> {
                    throw new IllegalStateException(
                            "'" + call.service() + "' " + call.method() + ", " + request.length + " bytes");
                });
                Client client = client(server.port(), carrier)) {
            boolean named = carrier == PingPong.TTHEADER || carrier == PingPong.TTHEADER_FRAMED;

            assertThatThrownBy(() -> new EchoClient(client).say("hello"))
                    .hasMessage("biz error: '" + (named ? "Echo" : "") + "' Say, 17 bytes");
        }
    }

    @Test
    void aOnewayRequestIsRunAndNotAnswered() throws Exception {
        BlockingQueue<String> called = new LinkedBlockingQueue<>();
        try (Server server = serve((call, request) -> {
                    called.add(call.method());
                    return new byte[0];
                });
                Client client = client(server.port(), PingPong.FRAMED)) {
            new EchoClient(client).note("n");

            assertThat(called.poll(20, TimeUnit.SECONDS)).isEqualTo("Note");
        }
    }

    @Test
    void kitexProtobufIsAnsweredInKind() throws IOException {
        try (Server server = serve((call, request) -> request);
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send("0000001790010001000000044563686f000000010a0568656c6c6f");

            assertThat(peer.receiveFrame()).isEqualTo("90010002000000044563686f000000010a0568656c6c6f");
        }
    }

    @Test
    void middlewareStandsAroundItAndNoOutcomeIsAnErrorThatSaysSo() {
        try (Server server = Server.builder()
                        .port(0)
                        .unaryMiddleware(next -> (call, request) -> {
                            CallContext.current().sendBackward("seen", call.method());
                            return Objects.requireNonNull(next.handle(call, request));
                        })
                        .unknownUnaryMethodHandler((call, request) -> new byte[] {0})
                        .start();
                Client client = client(server.port(), PingPong.TTHEADER)) {
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            CallOptions options = CallOptions.NONE.withBackward(entries -> seen.add(entries.get("seen")));

            assertThatThrownBy(() -> new EchoClient(client, options).say("x"))
                    .isInstanceOfSatisfying(
                            ApplicationException.class,
                            e -> assertThat(e.type()).isEqualTo(ApplicationException.MISSING_RESULT));
            assertThat(seen).containsExactly("Say");
        }
    }
}
