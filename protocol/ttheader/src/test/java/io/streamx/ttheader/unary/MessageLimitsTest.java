package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.ttheader.unary.Echo.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class MessageLimitsTest {
    /** What a message of {@link Echo#SAY} takes beside its text, as a request and as a reply. */
    private static final int ENVELOPE = 8 + 3 + 4 + 3 + 7 + 2;

    private static final int LIMIT = 10_000;

    private static Server.Builder server(Echo.Handler handler) {
        return Server.builder().port(0).service(Echo.bind(handler));
    }

    private static Client.Builder client(Server server, PingPong carrier) {
        return Client.builder("demo.echo").address("127.0.0.1:" + server.port()).pingPong(carrier);
    }

    private static String message(int bytes) {
        return "x".repeat(bytes - ENVELOPE);
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void aRequestOfTheLargestSizeIsServedAndOneByteMoreIsAnswered(PingPong carrier) {
        try (Server server =
                        server(new ObedientHandler()).maxMessageBytes(LIMIT).start();
                Client client = client(server, carrier).build()) {
            EchoClient echo = new EchoClient(client);

            assertThat(echo.say(message(LIMIT))).hasSize(LIMIT - ENVELOPE);
            assertThatThrownBy(() -> echo.say(message(LIMIT + 1)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageMatching("request of (at least )?10001 bytes \\(expected: at most 10000, the largest"
                            + " message this server takes\\)");
            assertThatThrownBy(() -> echo.say(message(50 * LIMIT)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageMatching("request of (500000|at least 499999) bytes .*");
            assertThat(echo.say("small")).isEqualTo("small");
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void aReplyOfTheLargestSizeIsTakenAndOneByteMoreIsAnError(PingPong carrier) {
        try (Server server = server(new ObedientHandler()).start();
                Client client = client(server, carrier)
                        // The request may be as large as the reply here, which is what is to be tried.
                        .maxMessageBytes(LIMIT)
                        .build();
                Server larger = server(new Echo.Handler() {
                            @Override
                            public Text say(Text text) {
                                return new Text(message(Integer.parseInt(text.value())));
                            }
                        })
                        .start();
                Client ofLarger = client(larger, carrier).maxMessageBytes(LIMIT).build()) {
            assertThat(new EchoClient(client).say(message(LIMIT))).hasSize(LIMIT - ENVELOPE);
            EchoClient echo = new EchoClient(ofLarger);

            assertThat(echo.say(String.valueOf(LIMIT))).hasSize(LIMIT - ENVELOPE);
            assertThatThrownBy(() -> echo.say(String.valueOf(LIMIT + 1)))
                    .isInstanceOf(RpcException.class)
                    .hasMessageMatching("Echo.Say, called at .*, got a reply of (at least )?10001 bytes \\(expected: at"
                            + " most 10000, the largest message allowed here\\)");
            assertThat(echo.say(String.valueOf(LIMIT))).hasSize(LIMIT - ENVELOPE);
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void whatIsTooLargeToSendIsNotSent(PingPong carrier) {
        try (Server server = server(new ObedientHandler()).start();
                Client client = client(server, carrier).maxMessageBytes(LIMIT).build()) {
            EchoClient echo = new EchoClient(client);

            assertThatThrownBy(() -> echo.say(message(LIMIT + 1)))
                    .isInstanceOf(RpcException.class)
                    .hasMessage("Say: message of 10001 bytes (expected: at most 10000, the largest message allowed"
                            + " here)");
            assertThatThrownBy(() -> echo.say(message(100 * LIMIT)))
                    .isInstanceOf(RpcException.class)
                    .hasMessageMatching("Say: message of more than \\d+ bytes \\(expected: at most 10000, .*");
            assertThat(echo.say("small")).isEqualTo("small");
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void aResultTooLargeToSendIsAnErrorAtTheCaller(PingPong carrier) {
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) {
                return new Text(message(Integer.parseInt(text.value())));
            }
        };
        try (Server server = server(handler).maxMessageBytes(LIMIT).start();
                Client client = client(server, carrier).build()) {
            EchoClient echo = new EchoClient(client);

            assertThat(echo.say(String.valueOf(LIMIT))).hasSize(LIMIT - ENVELOPE);
            assertThatThrownBy(() -> echo.say(String.valueOf(LIMIT + 1)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessage("the reply cannot be sent: Say: message of 10001 bytes (expected: at most 10000, the"
                            + " largest message allowed here)");
        }
    }

    @Test
    void aLimitThatLeavesNoRoomForAnErrorEndsTheConnectionAndNobodyWaits() {
        try (Server server = server(new ObedientHandler()).maxMessageBytes(60).start();
                Client client = client(server, PingPong.FRAMED).build()) {
            EchoClient echo = new EchoClient(client);

            assertThat(echo.say("x")).isEqualTo("x");
            assertThatThrownBy(() -> echo.say("fail without text"))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("the connection was closed");
        }
    }

    @Test
    void theDefaultTakesMessagesOfSixteenMebibytes() {
        int largest = 16 << 20;
        try (Server server = server(new ObedientHandler()).start();
                Client client = client(server, PingPong.FRAMED).build()) {
            EchoClient echo = new EchoClient(client);

            assertThat(echo.say(message(largest))).hasSize(largest - ENVELOPE);
            assertThatThrownBy(() -> echo.say(message(largest + 1))).hasMessageContaining("message of 16777217 bytes");
        }
    }
}
