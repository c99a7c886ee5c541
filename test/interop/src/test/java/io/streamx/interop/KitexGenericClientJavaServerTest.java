package io.streamx.interop;

import static io.streamx.interop.GenericPeer.json;
import static io.streamx.interop.JavaClientKitexGenericServerTest.EVERYTHING;
import static io.streamx.interop.JavaClientKitexGenericServerTest.KITEX_EVERYTHING;
import static io.streamx.interop.JavaClientKitexGenericServerTest.MAP_EVERYTHING;
import static io.streamx.interop.JavaClientKitexGenericServerTest.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.generic.Form;
import io.streamx.generic.GenericException;
import io.streamx.generic.GenericHandler;
import io.streamx.generic.GenericMethod;
import io.streamx.server.Server;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kitex' generic clients of Thrift against our generic servers, and against the handlers of unknown methods. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KitexGenericClientJavaServerTest {
    @RegisterExtension
    static final GoModule kitex = new GoModule("generic");

    /** What the handlers were given. */
    private static final BlockingQueue<String> SAW = new LinkedBlockingQueue<>();

    private static Server generic;
    private static Server unknown;
    private static PeerProcess client;

    /** Sends back what came, as the Go peer does. */
    private static final class Echo implements GenericHandler<String> {
        @Override
        public @Nullable String unary(GenericMethod method, @Nullable String request) {
            SAW.add(String.valueOf(request));
            if (String.valueOf(request).contains("business")) {
                throw new BizStatusException(1001, "no such word", Map.of("word", "business"));
            }
            if (String.valueOf(request).contains("fail")) {
                throw new IllegalStateException("broken");
            }
            if (String.valueOf(request).contains("refuse")) {
                throw new GenericException("Refused", Map.of("code", 7, "reason", "closed"));
            }
            return method.function().returnType() == null ? null : request;
        }

        @Override
        public void clientStreaming(GenericMethod method, ClientStreamingServer<String, String> stream) {
            String last = "";
            for (String message : stream) {
                SAW.add(message);
                last = message;
            }
            stream.sendAndClose(last);
        }

        @Override
        public void serverStreaming(GenericMethod method, String request, ServerStreamingServer<String> stream) {
            SAW.add(request);
            for (int i = 0; i < 3; i++) {
                stream.send(request);
            }
        }

        @Override
        public void bidiStreaming(GenericMethod method, BidiStreamingServer<String, String> stream) {
            for (String message : stream) {
                SAW.add(message);
                stream.send(message);
            }
        }
    }

    @BeforeAll
    static void start() {
        generic = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .service(SERVICE.bind(Form.json(), new Echo()))
                .start();
        unknown = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .unknownUnaryMethodHandler((call, request) -> {
                    SAW.add(Base64.getEncoder().encodeToString(request));
                    // The argument is field 1, the result field 0.
                    byte[] result = request.clone();
                    result[1] = 0;
                    result[2] = 0;
                    return result;
                })
                .unknownMethodHandler((call, stream) -> {
                    for (byte[] message : stream) {
                        SAW.add(Base64.getEncoder().encodeToString(message));
                        stream.send(message);
                    }
                })
                .start();
        client = kitex.start("peer", "call");
    }

    @BeforeEach
    void forget() {
        SAW.clear();
    }

    @AfterAll
    static void close() {
        client.close();
        generic.close();
        unknown.close();
    }

    private static JsonNode call(
            Server server, String form, String transport, String method, String mode, String... m) {
        return client.ask(
                GenericPeer.call("127.0.0.1:" + server.port(), form, transport, method, mode, List.of(m)),
                JsonNode.class);
    }

    private static List<JsonNode> replies(JsonNode answer) {
        assertThat(answer.has("failure")).as(answer.toString()).isFalse();
        List<JsonNode> replies = new ArrayList<>();
        answer.get("replies").forEach(reply -> replies.add(json(reply.asText())));
        return replies;
    }

    private static String everything(String form) {
        return form.equals("map") ? MAP_EVERYTHING : KITEX_EVERYTHING;
    }

    static Stream<Arguments> formsAndTransports() {
        return Stream.of("json", "dynamicgo", "map")
                .flatMap(form -> Stream.of("ttheader-framed", "grpc").map(transport -> Arguments.of(form, transport)));
    }

    @ParameterizedTest
    @MethodSource("formsAndTransports")
    void everyTypeGoesThereAndBackInEveryMode(String form, String transport) {
        String everything = everything(form);
        JsonNode back = json(everything);
        assertThat(replies(call(generic, form, transport, "Echo", "unary", everything)))
                .containsExactly(back);
        assertThat(replies(call(generic, form, transport, "Talk", "bidi", everything, everything)))
                .containsExactly(back, back);
        assertThat(replies(call(generic, form, transport, "Collect", "client", everything, everything)))
                .containsExactly(back);
        assertThat(replies(call(generic, form, transport, "Repeat", "server", everything)))
                .containsExactly(back, back, back);
        assertThat(json(List.copyOf(SAW))).hasSize(6).containsOnly(json(EVERYTHING));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader", "ttheader-framed", "framed", "buffered"})
    void valuesVoidAndOnewayOnEveryCarrier(String carrier) throws InterruptedException {
        for (String form : List.of("json", "dynamicgo", "map")) {
            String you = form.equals("map") ? "{\"string\":\"you\"}" : "you";
            JsonNode greeted = call(generic, form, carrier, "Greet", "unary", you);
            assertThat(greeted.get("replies").get(0).asText()).isEqualTo(you);
            assertThat(SAW).containsExactly("\"you\"");
            SAW.clear();
            // With dynamicgo Kitex waits for bytes that no reply of Thrift has (docs/generic.md)
            if (!form.equals("dynamicgo")) {
                assertThat(replies(call(generic, form, carrier, "Note", "unary", you)))
                        .containsExactly(json("null"));
                assertThat(SAW).containsExactly("\"you\"");
            }
            SAW.clear();
            assertThat(call(generic, form, carrier, "Tell", "unary", you).has("failure"))
                    .isFalse();
            assertThat(SAW.poll(30, TimeUnit.SECONDS)).isEqualTo("\"you\"");
            SAW.clear();
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTransports")
    void failuresOfHandlers(String form, String transport) {
        String text = form.equals("map") ? "{\"text\":{\"string\":\"%s\"}}" : "{\"text\":\"%s\"}";
        JsonNode business = call(generic, form, transport, "Echo", "unary", text.formatted("business"));
        assertThat(business.get("code").asInt()).as(business.toString()).isEqualTo(1001);
        assertThat(business.get("extra").get("word").asText()).isEqualTo("business");
        JsonNode failed = call(generic, form, transport, "Echo", "unary", text.formatted("fail"));
        assertThat(failed.get("failure").asText()).contains("broken");
        JsonNode refused = call(generic, form, transport, "Echo", "unary", text.formatted("refuse"));
        assertThat(refused.get("failure").asText()).contains("closed");
    }

    // ---- bytes ----

    private static String bytes(String method) {
        ByteBuf out = Unpooled.buffer();
        SERVICE.descriptor(SERVICE.method(method), Form.json()).requestCodec().encode(EVERYTHING, out);
        return Base64.getEncoder().encodeToString(ByteBufUtil.getBytes(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader", "ttheader-framed", "framed", "buffered", "grpc"})
    void bytesToAServerThatKnowsTheIdl(String transport) {
        JsonNode reply = call(generic, "binary", transport, "Echo", "unary", bytes("Echo"));
        byte[] outcome = Base64.getDecoder().decode(reply.get("replies").get(0).asText());
        assertThat(json(String.valueOf(SERVICE.descriptor(SERVICE.method("Echo"), Form.json())
                        .resultCodec()
                        .decode(Unpooled.wrappedBuffer(outcome)))))
                .isEqualTo(json(EVERYTHING));
        assertThat(json(List.copyOf(SAW))).containsExactly(json(EVERYTHING));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader-framed", "grpc"})
    void streamsOfBytesToAServerThatKnowsTheIdl(String transport) {
        String message = bytes("Talk");
        JsonNode replies = call(generic, "binary", transport, "Talk", "bidi", message, message);
        assertThat(replies.get("replies"))
                .as(replies.toString())
                .extracting(JsonNode::asText)
                .hasSize(2);
        assertThat(call(generic, "binary", transport, "Collect", "client", message)
                        .get("replies"))
                .hasSize(1);
        assertThat(call(generic, "binary", transport, "Repeat", "server", message)
                        .get("replies"))
                .hasSize(3);
        assertThat(json(List.copyOf(SAW))).hasSize(4).containsOnly(json(EVERYTHING));
    }

    @ParameterizedTest
    @MethodSource("formsAndTransports")
    void callsOfAServerThatKnowsNoIdl(String form, String transport) {
        JsonNode back = json(everything(form));
        if (!transport.equals("grpc")) {
            // Over gRPC a server that knows no IDL takes a unary call for a stream, and this one echoes its request.
            assertThat(replies(call(unknown, form, transport, "Echo", "unary", everything(form))))
                    .containsExactly(back);
        }
        assertThat(replies(call(unknown, form, transport, "Talk", "bidi", everything(form), everything(form))))
                .containsExactly(back, back);
        // Kitex writes the fields of a struct in any order.
        assertThat(SAW)
                .last()
                .extracting(message -> json(SERVICE.descriptor(SERVICE.method("Talk"), Form.json())
                        .requestCodec()
                        .decode(Unpooled.wrappedBuffer(Base64.getDecoder().decode(message)))))
                .isEqualTo(json(EVERYTHING));
    }
}
