package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Field;
import com.google.protobuf.StringValue;
import com.google.protobuf.Type;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connect and gRPC-Web, beside what their conformance suite plays. */
class ConnectTest {
    private static final Type TYPE = Type.newBuilder()
            .setName("t")
            .addFields(Field.newBuilder().setNumber(1))
            .addFields(Field.newBuilder().setNumber(2))
            .build();

    @SuppressWarnings("NullAway.Init")
    private static GatewayServer gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayServer();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /**
     * An envelope that came.
     *
     * @param bytes decompressed
     */
    private record Envelope(int flags, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static HttpResponse<byte[]> post(String path, String type, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                gateway.request(path).header("content-type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return gateway.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }

    private static byte[] gunzip(byte[] bytes) throws Exception {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static byte[] envelope(int flags, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flags)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static List<Envelope> envelopes(byte[] body) throws Exception {
        List<Envelope> found = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(body);
        while (in.hasRemaining()) {
            int flags = in.get();
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            found.add(new Envelope(flags, (flags & 1) == 1 ? gunzip(bytes) : bytes));
        }
        return found;
    }

    // ---- Connect ----

    @Test
    void aUnaryCallTakesBinaryMessagesPlainAndCompressed() throws Exception {
        HttpResponse<byte[]> plain =
                post("/acme.types.v1.Types/Echo", "application/proto", TYPE.toByteArray(), "x-tag", "blue");
        HttpResponse<byte[]> compressed = post(
                "/acme.types.v1.Types/Echo",
                "application/proto",
                gzip(TYPE.toByteArray()),
                "content-encoding",
                "gzip",
                "connect-protocol-version",
                "1");

        assertThat(Type.parseFrom(plain.body())).isEqualTo(TYPE);
        assertThat(plain.headers().firstValue("x-seen")).contains("blue");
        assertThat(plain.headers().firstValue("trailer-x-cost")).contains("3");
        assertThat(compressed.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(Type.parseFrom(gunzip(compressed.body()))).isEqualTo(TYPE);
    }

    @Test
    void aClientOfConnectMaySendMembersThatAreNotKnown() throws Exception {
        HttpResponse<byte[]> response = post(
                "/acme.types.v1.Types/Echo",
                "application/json",
                "{\"name\":\"a\",\"later\":1}".getBytes(StandardCharsets.UTF_8),
                "connect-protocol-version",
                "1");

        assertThat(response.body()).asString(StandardCharsets.UTF_8).isEqualTo("{\"name\":\"a\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "connect-protocol-version, 2, 400, invalid_argument",
        "connect-timeout-ms, soon, 400, invalid_argument",
        "connect-timeout-ms, 12345678901, 400, invalid_argument",
        "content-encoding, br, 501, unimplemented"
    })
    void headersThatConnectDoesNotHaveAreRefused(String name, String value, int status, String code) throws Exception {
        HttpResponse<byte[]> response =
                post("/acme.types.v1.Types/Echo", "application/proto", TYPE.toByteArray(), name, value);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body())
                .asString(StandardCharsets.UTF_8)
                .contains(code)
                .contains(value);
    }

    @Test
    void bytesThatAreNoMessageAreRefused() throws Exception {
        HttpResponse<byte[]> response = post("/acme.types.v1.Types/Echo", "application/proto", new byte[] {1, 2, 3});

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).asString(StandardCharsets.UTF_8).contains("invalid_argument");
    }

    @Test
    void aCompressedBodyThatWouldBecomeTooLargeIsRefused() throws Exception {
        try (GatewayServer small = new GatewayServer(options -> options, server -> server.maxMessageBytes(64 << 10))) {
            HttpResponse<String> response = small.client.send(
                    small.request("/acme.types.v1.Types/Echo")
                            .header("content-type", "application/proto")
                            .header("content-encoding", "gzip")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(new byte[10 << 20])))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.body()).contains("65536");
            assertThat(response.statusCode()).isBetween(400, 499);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/connect+proto", "application/connect+json"})
    void aStreamEndsWithAnEnvelopeThatTellsHow(String type) throws Exception {
        boolean isJson = type.endsWith("json");
        Type failing = TYPE.toBuilder().setName("failing").build();
        byte[] request = isJson
                ? "{\"name\":\"failing\",\"fields\":[{\"number\":1},{\"number\":2}]}".getBytes(StandardCharsets.UTF_8)
                : failing.toByteArray();

        HttpResponse<byte[]> response = post("/acme.types.v1.Types/Fields", type, envelope(0, request));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(type);
        List<Envelope> envelopes = envelopes(response.body());
        assertThat(envelopes).hasSize(3);
        if (isJson) {
            assertThat(envelopes.get(1).text()).isEqualTo("{\"number\":2}");
        } else {
            assertThat(Field.parseFrom(envelopes.get(1).bytes()).getNumber()).isEqualTo(2);
        }
        assertThat(envelopes.get(2).flags()).isEqualTo(2);
        assertThat(envelopes.get(2).text())
                .isEqualTo("{\"error\":{\"code\":\"resource_exhausted\",\"message\":\"no more fields\"},"
                        + "\"metadata\":{\"x-cost\":[\"3\"]}}");
    }

    @Test
    void aThriftServiceStreamsInConnectsJson() throws Exception {
        byte[] first = "{\"number\":1,\"text\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        byte[] second = "{\"number\":2,\"text\":\"b\"}".getBytes(StandardCharsets.UTF_8);

        List<Envelope> collected = envelopes(post(
                        "/Chat/Collect",
                        "application/connect+json",
                        joined(envelope(0, first), envelope(1, gzip(second))),
                        "connect-content-encoding",
                        "gzip")
                .body());
        List<Envelope> talked = envelopes(
                post("/Chat/Talk", "application/connect+json", joined(envelope(0, first), envelope(0, second)))
                        .body());

        assertThat(collected.getFirst().text()).isEqualTo("{\"number\":3,\"text\":\"ab\"}");
        assertThat(collected.getFirst().flags()).isEqualTo(1);
        assertThat(talked)
                .extracting(Envelope::text)
                .containsExactly(
                        new String(first, StandardCharsets.UTF_8), new String(second, StandardCharsets.UTF_8), "{}");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, compressed", "5, 0, ends within", "7fffffff, 0, larger"})
    void envelopesThatCannotBeAreToldInTheStream(String length, int flags, String ignored) throws Exception {
        byte[] prefix = ByteBuffer.allocate(7)
                .put((byte) flags)
                .putInt(Integer.parseInt(length, 16))
                .array();

        List<Envelope> answer = envelopes(
                post("/Chat/Collect", "application/connect+json", prefix).body());

        assertThat(answer.getLast().flags()).isEqualTo(2);
        assertThat(answer.getLast().text()).contains("\"error\":{\"code\":");
    }

    @Test
    void anUnknownStreamIsToldWhereAStreamEnds() throws Exception {
        HttpResponse<byte[]> response =
                post("/acme.types.v1.Types/Nobody", "application/connect+proto", envelope(0, new byte[0]));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(envelopes(response.body()).getLast().text())
                .contains("unimplemented")
                .contains("Nobody");
    }

    // ---- gRPC-Web ----

    @Test
    void grpcWebEndsWithTrailersInAnEnvelope() throws Exception {
        HttpResponse<byte[]> unary = post(
                "/acme.types.v1.Types/Echo",
                "application/grpc-web+proto",
                envelope(0, TYPE.toByteArray()),
                "x-tag",
                "blue");
        HttpResponse<byte[]> failed = post(
                "/acme.types.v1.Types/Fail",
                "application/grpc-web",
                envelope(0, StringValue.of("nobody").toByteArray()));
        HttpResponse<byte[]> stream = post(
                "/acme.types.v1.Types/Fields",
                "application/grpc-web+proto",
                envelope(1, gzip(TYPE.toByteArray())),
                "grpc-encoding",
                "gzip");

        assertThat(unary.headers().firstValue("x-seen")).contains("blue");
        List<Envelope> ofUnary = envelopes(unary.body());
        assertThat(Type.parseFrom(ofUnary.getFirst().bytes())).isEqualTo(TYPE);
        assertThat(ofUnary.getLast().flags()).isEqualTo((byte) 0x80);
        assertThat(ofUnary.getLast().text()).contains("grpc-status: 0\r\n").contains("x-cost: 3\r\n");
        assertThat(envelopes(failed.body()).getLast().text())
                .contains("grpc-status: 5\r\n")
                .contains("grpc-message: nobody\r\n")
                .contains("grpc-status-details-bin: ");
        assertThat(envelopes(stream.body())).hasSize(3);
        assertThat(stream.headers().firstValue("grpc-encoding")).contains("gzip");
    }

    @Test
    void grpcWebTextIsBase64InPiecesThatMayBePadded() throws Exception {
        byte[] message = envelope(0, TYPE.toByteArray());
        String first = Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(message, 4));
        String second = Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(message, 4, message.length));

        for (String path : List.of("/acme.types.v1.Types/Echo", "/acme.types.v1.Types/Fields")) {
            HttpResponse<byte[]> response =
                    post(path, "application/grpc-web-text", (first + second).getBytes(StandardCharsets.US_ASCII));

            ByteArrayOutputStream decoded = new ByteArrayOutputStream();
            String text = new String(response.body(), StandardCharsets.US_ASCII);
            for (int i = 0; i < text.length(); i += 4) {
                decoded.writeBytes(Base64.getDecoder().decode(text.substring(i, i + 4)));
            }
            assertThat(envelopes(decoded.toByteArray()).getLast().text()).contains("grpc-status: 0\r\n");
        }
    }

    @Test
    void anUnknownMethodIsAStatusOfGrpcWeb() throws Exception {
        HttpResponse<byte[]> response =
                post("/acme.types.v1.Types/Nobody", "application/grpc-web", envelope(0, new byte[0]));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(envelopes(response.body()).getLast().text()).contains("grpc-status: 12\r\n");
    }
}
