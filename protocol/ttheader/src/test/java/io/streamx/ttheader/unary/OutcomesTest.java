package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.unary.Echo.Refused;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a unary call can end, on every carrier: as the caller sees it, and as it goes over the wire. */
@Timeout(60)
class OutcomesTest {
    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.builder()
                .port(0)
                .service(Echo.bind(new ObedientHandler()))
                .unaryMiddleware(next -> (call, request) -> {
                    if (request instanceof Echo.SayArgs args
                            && args.text().value().startsWith("middleware")) {
                        switch (args.text().value()) {
                            case "middleware forbids" -> throw new IllegalStateException("request forbidden: no");
                            case "middleware's own type" -> throw new ApplicationException(42, "too many requests");
                            default -> throw new BizStatusException(8, "from the middleware");
                        }
                    }
                    return next.handle(call, request);
                })
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** One way to end: what is called, what the caller sees, what the reply says, what becomes of the connection. */
    enum Outcome {
        RESULT(call("Say", "hello"), "hello", "REPLY", true),
        EMPTY_TEXT(call("Say", ""), "", "REPLY", true),
        LARGE(call("Say", "x".repeat(300_000)), "x".repeat(300_000), "REPLY", true),
        DECLARED(call("Say", "refuse"), "Refused: not today", "REPLY", true),
        NO_RESULT(
                call("Say", "nothing"),
                carrier -> onTTHeader(carrier)
                        ? "5: the reply has neither a result nor a declared exception (expected: one of them)"
                        : lostBusinessError(carrier),
                carrier -> "REPLY",
                true),
        ERROR(call("Say", "fail"), "6: biz error: boom", "6: biz error: boom", true),
        ERROR_WITHOUT_TEXT(
                call("Say", "fail without text"),
                "6: biz error: java.lang.IllegalStateException",
                "6: biz error: java.lang.IllegalStateException",
                true),
        APPLICATION_EXCEPTION(call("Say", "own type"), "99: mine [biz error]", "99: mine [biz error]", true),
        STATUS(
                call("Say", "status"),
                "6: biz error: rpc error: code = 1900 desc = x",
                "6: biz error: rpc error: code = 1900 desc = x",
                true),
        PANIC(
                call("Say", "panic"),
                "6: panic: [happened in biz handler, method=Echo.Say, please check the panic at the server side] "
                        + "java.lang.AssertionError: lost",
                "6: panic: [happened in biz handler, method=Echo.Say, please check the panic at the server side] "
                        + "java.lang.AssertionError: lost",
                true),
        MIDDLEWARE(call("Say", "middleware forbids"), "6: request forbidden: no", "6: request forbidden: no", true),
        MIDDLEWARE_WITH_TYPE(
                call("Say", "middleware's own type"), "42: too many requests", "42: too many requests", true),
        STREAMING_METHOD(
                call("Watch", "x"),
                "6: biz error: cannot get streamx.ServerStream from type: unary call of Echo.Watch, a SERVER method",
                "6: biz error: cannot get streamx.ServerStream from type: unary call of Echo.Watch, a SERVER method",
                true),
        UNKNOWN_METHOD(
                call("Missing", "x"),
                carrier -> onTTHeader(carrier)
                        ? "1: unknown method Missing (service Echo)"
                        : "20: unknown service , method Missing (served: Echo with Say, Ping, Note, Join, Watch)",
                carrier -> onTTHeader(carrier)
                        ? "1: unknown method Missing (service Echo)"
                        : "20: unknown service , method Missing (served: Echo with Say, Ping, Note, Join, Watch)",
                false),
        BUSINESS(
                call("Say", "business"),
                carrier -> onTTHeader(carrier)
                        ? "biz error: code=7, msg=no money, extra={account=<1&2>}"
                        : lostBusinessError(carrier),
                carrier -> "REPLY",
                true),
        BUSINESS_AS_A_CAUSE(
                call("Say", "business within"),
                carrier -> onTTHeader(carrier) ? "biz error: code=-7, msg=" : lostBusinessError(carrier),
                carrier -> "REPLY",
                true),
        BUSINESS_OF_A_MIDDLEWARE(
                call("Say", "middleware's business"),
                carrier ->
                        onTTHeader(carrier) ? "biz error: code=8, msg=from the middleware" : lostBusinessError(carrier),
                carrier -> "REPLY",
                true);

        private static String lostBusinessError(PingPong carrier) {
            return "5: the reply has neither a result nor a declared exception (expected: one of them): a business error"
                    + " of the handler looks like this on carrier " + carrier
                    + ", which has no room for it (PingPong.TTHEADER_FRAMED has)";
        }

        private record Call(String method, String text) {}

        private final Call call;
        private final Function<PingPong, String> seen;
        private final Function<PingPong, String> reply;
        private final boolean kept;

        Outcome(Call call, String seen, String reply, boolean kept) {
            this(call, carrier -> seen, carrier -> reply, kept);
        }

        Outcome(Call call, Function<PingPong, String> seen, Function<PingPong, String> reply, boolean kept) {
            this.call = call;
            this.seen = seen;
            this.reply = reply;
            this.kept = kept;
        }

        private static Call call(String method, String text) {
            return new Call(method, text);
        }

        private static boolean onTTHeader(PingPong carrier) {
            return carrier == PingPong.TTHEADER || carrier == PingPong.TTHEADER_FRAMED;
        }
    }

    static Stream<Arguments> onEveryCarrier() {
        return Arrays.stream(PingPong.values())
                .flatMap(carrier -> Arrays.stream(Outcome.values()).map(outcome -> Arguments.of(carrier, outcome)));
    }

    @ParameterizedTest
    @MethodSource("onEveryCarrier")
    void theCallerSees(PingPong carrier, Outcome outcome) {
        try (Client client = Client.builder("demo.echo")
                .address("127.0.0.1:" + server.port())
                .pingPong(carrier)
                .build()) {
            EchoClient echo = new EchoClient(client);

            assertThat(seen(echo, outcome)).isEqualTo(outcome.seen.apply(carrier));
            assertThat(echo.say("next")).isEqualTo("next");
        }
    }

    private static String seen(EchoClient echo, Outcome outcome) {
        String[] result = new String[1];
        Throwable failure = catchThrowable(() -> result[0] = switch (outcome.call.method()) {
            case "Say" -> echo.say(outcome.call.text());
            case "Watch" -> String.valueOf(echo.call(Echo.WATCH_AS_UNARY, outcome.call.text()));
            default -> String.valueOf(echo.call(Echo.MISSING, outcome.call.text()));
        });
        return switch (failure) {
            case null -> result[0];
            case Refused refused -> "Refused: " + refused.why();
            case ApplicationException remote -> remote.type() + ": " + remote.getMessage();
            default -> failure.getMessage();
        };
    }

    @ParameterizedTest
    @MethodSource("onEveryCarrier")
    void theWireSays(PingPong carrier, Outcome outcome) throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            Map<String, String> strings = Outcome.onTTHeader(carrier) ? Map.of("isn", "Echo") : Map.of();

            peer.send(RawPeer.request(carrier, 0, Map.of(), strings, outcome.call.method(), outcome.call.text(), -77));

            RawPeer.Received reply = peer.receive(carrier);
            assertThat(reply.header().name()).isEqualTo(outcome.call.method());
            assertThat(reply.header().seqId()).isEqualTo(-77);
            if (Outcome.onTTHeader(carrier)) {
                assertThat(reply.ints())
                        .isEqualTo(Map.of(22, reply.header().type() == MessageHeader.Type.REPLY ? "2" : "3"));
                assertThat(reply.strings().containsKey("crrst")).isEqualTo(!outcome.kept);
            }
            String expected = outcome.reply.apply(carrier);
            assertThat(expected.equals("REPLY") ? reply.header().type().name() : reply.exception())
                    .isEqualTo(expected);
            if (outcome.kept) {
                assertThat(peer.send(RawPeer.say("next", 5)).receive().said()).isEqualTo("next");
            } else {
                assertThat(peer.isEnded()).isTrue();
            }
        }
    }
}
