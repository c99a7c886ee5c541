package io.streamx.interop;

import static io.streamx.interop.GenericPeer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.BizStatusException;
import io.streamx.ConnectionLostException;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.generic.BinaryClient;
import io.streamx.generic.Form;
import io.streamx.generic.GenericClient;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our generic clients against Kitex' generic servers of Thrift: JSON by both of its readers, map, binary, and unknown services. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaClientKitexGenericServerTest {
    @RegisterExtension
    static final GoModule kitex = new GoModule("generic");

    static final GenericService SERVICE = GenericService.load(Path.of("idl/generic.thrift"), "Generic");

    /** A value of each type, as our JSON has it. */
    static final String EVERYTHING = """
            {"text":"grüße","flag":true,"tiny":-128,"small":-300,"number":70000,"large":4503599627370497,"real":0.5,
             "bytes":"AP8=","colour":"GREEN","inners":[{"name":"a","colour":"RED"},{"name":"b"}],"words":["x","y"],
             "counts":{"one":1},"byNumber":{"-3":{"name":"c"}},"inner":{"name":"d"},"choice":{"word":"w"},
             "lists":[[1,2],[],[3]]}""";

    /** What Kitex' JSON has for it: enums are numbers. */
    static final String KITEX_EVERYTHING = EVERYTHING.replace("\"GREEN\"", "2").replace("\"RED\"", "1");

    /** What Kitex' maps have for it, each value with its class in Go. */
    static final String MAP_EVERYTHING = """
            {"text":{"string":"grüße"},"flag":{"bool":"true"},"tiny":{"int8":"-128"},"small":{"int16":"-300"},
             "number":{"int32":"70000"},"large":{"int64":"4503599627370497"},"real":{"float64":"0.5"},
             "bytes":{"[]byte":"AP8="},"colour":{"int32":"2"},
             "inners":[{"name":{"string":"a"},"colour":{"int32":"1"}},{"name":{"string":"b"}}],
             "words":[{"string":"x"},{"string":"y"}],"counts":{"map":{"string one":{"int64":"1"}}},
             "byNumber":{"map":{"int32 -3":{"name":{"string":"c"}}}},"inner":{"name":{"string":"d"}},
             "choice":{"word":{"string":"w"}},"lists":[[{"int32":"1"},{"int32":"2"}],[],[{"int32":"3"}]]}""";

    private static final Map<String, GenericPeer> SERVERS = new HashMap<>();
    private static final List<Client> CLIENTS = new ArrayList<>();

    private static GenericPeer server(String form) {
        return SERVERS.computeIfAbsent(form, name -> new GenericPeer(kitex, name));
    }

    private static Client client(String form, Transport transport, PingPong carrier) {
        Client.Builder builder = Client.builder("interop.server")
                .address(server(form).address())
                .connectTimeout(JavaClients.PATIENCE)
                .transport(transport);
        if (transport == Transport.TTHEADER) {
            builder.pingPong(carrier);
        }
        Client client = builder.build();
        CLIENTS.add(client);
        return client;
    }

    private static GenericClient<String> generic(String form, Transport transport) {
        return SERVICE.client(client(form, transport, PingPong.TTHEADER), Form.json());
    }

    @AfterAll
    static void close() {
        CLIENTS.forEach(Client::close);
        SERVERS.values().forEach(GenericPeer::close);
    }

    /** What a Kitex handler of that form saw of {@link #EVERYTHING}. */
    private static JsonNode seen(String form) {
        return json(form.equals("map") ? MAP_EVERYTHING : KITEX_EVERYTHING);
    }

    static Stream<Arguments> formsAndTransports() {
        return Stream.of("json", "dynamicgo", "map")
                .flatMap(form ->
                        Stream.of(Transport.TTHEADER, Transport.GRPC).map(transport -> Arguments.of(form, transport)));
    }

    @ParameterizedTest
    @MethodSource("formsAndTransports")
    void everyTypeGoesThereAndBackInEveryMode(String form, Transport transport) {
        GenericClient<String> client = generic(form, transport);
        GenericPeer server = server(form);

        String reply = client.call("Echo", EVERYTHING);
        assertThat(server.saw("Echo", 1)).extracting(GenericPeer::json).containsExactly(seen(form));
        assertThat(json(String.valueOf(reply))).isEqualTo(json(EVERYTHING));

        try (var stream = client.bidiStreaming("Talk")) {
            stream.send(EVERYTHING);
            assertThat(json(String.valueOf(stream.recv()))).isEqualTo(json(EVERYTHING));
            stream.send("{\"text\":\"b\"}");
            assertThat(stream.recv()).isEqualTo("{\"text\":\"b\"}");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(json(server.saw("Talk", 2)).get(0)).isEqualTo(seen(form));
        try (var stream = client.clientStreaming("Collect")) {
            stream.send("{\"text\":\"a\"}");
            stream.send(EVERYTHING);
            assertThat(json(String.valueOf(stream.closeAndRecv()))).isEqualTo(json(EVERYTHING));
        }
        assertThat(json(server.saw("Collect", 2)).get(1)).isEqualTo(seen(form));
        try (var stream = client.serverStreaming("Repeat", EVERYTHING)) {
            List<String> replies = new ArrayList<>();
            stream.forEach(replies::add);
            assertThat(json(replies)).hasSize(3).containsOnly(json(EVERYTHING));
        }
        assertThat(json(server.saw("Repeat", 1))).containsExactly(seen(form));
    }

    /** No oneway calls: a generic server of Kitex loses them (docs/generic.md). */
    @ParameterizedTest
    @ValueSource(strings = {"json", "dynamicgo", "map"})
    void valuesAndVoidOnEveryCarrier(String form) {
        for (PingPong carrier : PingPong.values()) {
            GenericClient<String> client = SERVICE.client(client(form, Transport.TTHEADER, carrier), Form.json());
            assertThat(client.call("Greet", "\"you\"")).isEqualTo("\"you\"");
            // With dynamicgo Kitex' reply to a void method is no Thrift, and on this carrier nothing else says where it
            // ends.
            boolean isReadable = !form.equals("dynamicgo") || carrier != PingPong.BUFFERED;
            if (isReadable) {
                assertThat(client.call("Note", "\"this\"")).isNull();
            }
            String quote = form.equals("map") ? "{\"string\":\"%s\"}" : "%s";
            assertThat(server(form).saw("Greet", 1)).containsExactly(quote.formatted("you"));
            if (isReadable) {
                assertThat(server(form).saw("Note", 1)).containsExactly(quote.formatted("this"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTransports")
    void failuresOfHandlers(String form, Transport transport) {
        GenericClient<String> client = generic(form, transport);
        if (form.equals("dynamicgo") && transport == Transport.TTHEADER) {
            // Kitex cannot write such a reply: kitex-dynamicgo-business-error-closes.sh
            assertThatThrownBy(() -> client.call("Echo", "{\"text\":\"business\"}"))
                    .isInstanceOf(ConnectionLostException.class);
            server(form).saw("Echo", 1);
            return;
        }
        assertThatThrownBy(() -> client.call("Echo", "{\"text\":\"business\"}"))
                .isInstanceOfSatisfying(BizStatusException.class, business -> {
                    assertThat(business.code()).isEqualTo(1001);
                    assertThat(business.bizMessage()).isEqualTo("no such word");
                    assertThat(business.extra()).containsEntry("word", "business");
                });
        assertThatThrownBy(() -> client.call("Echo", "{\"text\":\"fail\"}"))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("broken");
        server(form).saw("Echo", 2);
    }

    // ---- bytes ----

    /** The struct of the arguments of a method, or a message of a stream. */
    private static byte[] bytes(String method, String json) {
        GenericMethod described = SERVICE.method(method);
        ByteBuf out = Unpooled.buffer();
        SERVICE.descriptor(described, Form.json()).requestCodec().encode(json, out);
        return ByteBufUtil.getBytes(out);
    }

    private static String result(String method, byte[] outcome) {
        return String.valueOf(SERVICE.descriptor(SERVICE.method(method), Form.json())
                .resultCodec()
                .decode(Unpooled.wrappedBuffer(outcome)));
    }

    static Stream<Arguments> binaryFormsAndTransports() {
        return Stream.of("binary", "unknown", "json", "dynamicgo", "map")
                .flatMap(form ->
                        Stream.of(Transport.TTHEADER, Transport.GRPC).map(transport -> Arguments.of(form, transport)));
    }

    @ParameterizedTest
    @MethodSource("binaryFormsAndTransports")
    void bytesGoThereAndBack(String form, Transport transport) {
        BinaryClient client = BinaryClient.thrift(client(form, transport, PingPong.TTHEADER), "Generic", "generic");
        GenericPeer server = server(form);
        byte[] arguments = bytes("Echo", EVERYTHING);
        byte[] message = bytes("Talk", EVERYTHING);
        boolean isBinary = form.equals("binary") || form.equals("unknown");

        // Over gRPC Kitex takes a unary call without IDL for a stream, whose handler echoes the arguments themselves.
        byte[] outcome = client.call("Echo", arguments);
        if (isBinary && transport == Transport.GRPC) {
            assertThat(outcome).isEqualTo(arguments);
        } else {
            assertThat(json(result("Echo", outcome))).isEqualTo(json(EVERYTHING));
        }
        List<String> seen = new ArrayList<>(server.saw("Echo", 1));
        try (var stream = client.bidiStreaming("Talk")) {
            stream.send(message);
            byte[] echoed = stream.recv();
            if (isBinary) {
                assertThat(echoed).containsExactly(message);
            } else {
                // Kitex writes the fields of a struct in any order.
                assertThat(json(SERVICE.descriptor(SERVICE.method("Talk"), Form.json())
                                .responseCodec()
                                .decode(Unpooled.wrappedBuffer(echoed))))
                        .isEqualTo(json(EVERYTHING));
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        seen.addAll(server.saw("Talk", 1));
        if (isBinary) {
            Base64.Encoder base64 = Base64.getEncoder();
            assertThat(seen).containsExactly(base64.encodeToString(arguments), base64.encodeToString(message));
        } else {
            assertThat(json(seen)).containsOnly(seen(form));
        }
    }

    @Test
    void jsonAtOurEndAndBytesAtTheirs() {
        GenericClient<String> client = generic("binary", Transport.TTHEADER);
        assertThat(client.call("Greet", "\"you\"")).isEqualTo("\"you\"");
        assertThat(client.call("Note", "\"this\"")).isNull();
        assertThat(server("binary").saw("Greet", 1))
                .containsExactly(Base64.getEncoder().encodeToString(bytes("Greet", "\"you\"")));
        assertThat(server("binary").saw("Note", 1)).hasSize(1);
    }
}
