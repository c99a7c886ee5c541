package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unary calls as HTTP and JSON. */
class JsonCallsTest {
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

    // ---- Thrift ----

    @ParameterizedTest
    @ValueSource(strings = {"/Chat/Ask", "/chat.Chat/Ask", "/Chat/Ask?ignored=1"})
    void aThriftMethodIsCalledWithJsonByEitherName(String path) throws Exception {
        HttpResponse<String> response =
                gateway.post(path, "{\"text\":\"höh?\",\"id\":\"9007199254740993\",\"mood\":2}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(response.body())
                .isEqualTo("{\"text\":\"you asked: höh?\",\"id\":\"9007199254740993\",\"mood\":\"LOUD\"}");
    }

    @Test
    void aMethodWithoutArgumentsTakesAnEmptyBodyAndAVoidResultIsNull() throws Exception {
        assertThat(gateway.post("/Chat/Nothing", "").body()).isEqualTo("null");
        assertThat(gateway.post("/Chat/Nothing", "{}").body()).isEqualTo("null");
    }

    @Test
    void aOnewayCallIsAccepted() throws Exception {
        HttpResponse<String> response = gateway.post("/Chat/Tell", "\"hello\"");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(gateway.event()).isEqualTo("told hello");
    }

    // ---- Protobuf ----

    @ParameterizedTest
    @ValueSource(strings = {"/Types/Echo", "/acme.types.v1.Types/Echo"})
    void aProtobufMethodIsCalledWithJson(String path) throws Exception {
        String message =
                "{\"name\":\"t\",\"fields\":[{\"kind\":\"TYPE_INT64\",\"number\":7}],\"syntax\":\"SYNTAX_PROTO3\"}";

        HttpResponse<String> response = gateway.post(path, message);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(message);
    }

    @Test
    void aServerOfItsOwnPrefixAnswersBelowItAlone() throws Exception {
        try (GatewayServer prefixed = new GatewayServer(options -> options.pathPrefix("/api/v1"), server -> server)) {
            assertThat(prefixed.post("/api/v1/Chat/Nothing", "").statusCode()).isEqualTo(200);
            assertThat(prefixed.post("/Chat/Nothing", "").statusCode()).isEqualTo(404);
        }
    }

    // ---- headers ----

    @Test
    void headersAreMetadataAndMetainfoAndEntriesOfTheHandlerAreHeaders() throws Exception {
        HttpResponse<String> response = gateway.client.send(
                gateway.json("/Chat/Metadata", "\"x-tag\"")
                        .header("X-Tag", "blue")
                        .header("X-Tag", "large")
                        .header("rpc-persist-user-id", "7")
                        .header("rpc-transit-hop", "1")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("\"[blue, large] {USER_ID=7} {HOP=1}\"");
        assertThat(response.headers().firstValue("x-seen")).contains("yes");
        assertThat(response.headers().firstValue("trailer-x-cost")).contains("3");
    }

    // ---- errors ----

    @Test
    void aBusinessErrorTellsItsCodeTextAndExtra() throws Exception {
        HttpResponse<String> response = gateway.post("/Chat/Fail", "\"business\"");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body())
                .isEqualTo(
                        "{\"code\":\"failed_precondition\",\"message\":\"no more credit\",\"business\":{\"code\":1001,"
                                + "\"message\":\"no more credit\",\"extra\":{\"left\":\"0\"}}}");
    }

    @Test
    void aDeclaredExceptionTellsItsNameAndFields() throws Exception {
        HttpResponse<String> response = gateway.post("/Chat/Ask", "{\"text\":\"missing\"}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body())
                .contains("\"exception\":{\"type\":\"NotFound\",\"fields\":{\"what\":\"an answer\","
                        + "\"id\":\"9007199254740993\"}}");
    }

    @Test
    void aStatusTellsItsCodeAndDetails() throws Exception {
        HttpResponse<String> response = gateway.post("/Types/Fail", "\"nobody\"");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body())
                .isEqualTo("{\"code\":\"not_found\",\"message\":\"nobody\",\"details\":[{\"type\":"
                        + "\"google.protobuf.StringValue\",\"value\":\"CgZub2JvZHk\"}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "status, 404, not_found, no such chat",
        "application, 500, internal, broken",
        "anything, 500, unknown, anything",
        "unprintable, 500, unknown, whose message cannot be had"
    })
    void everyOtherFailureHasACodeAndAStatus(String how, int status, String code, String text) throws Exception {
        HttpResponse<String> response = gateway.post("/Chat/Fail", "\"" + how + "\"");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains("\"code\":\"" + code + "\"").contains(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/Chat/Ask | {\"text\":\"a\",\"earlier\":[{\"text\":\"b\"},{\"id\":1}]} | request.earlier[1].text",
                "/Chat/Ask | {\"text\":\"a\",\"mood\":\"SILENT\"} | request.mood",
                "/Chat/Ask | {\"text\":\"a\",\"id\":1.5} | request.id",
                "/Chat/Ask | {\"text\":\"a\",\"nobody\":1} | request.nobody",
                "/Chat/Ask | {\"text\":\"a\" | line 1, column",
                "/Chat/Ask | {\"text\":\"a\"} {} | line 1, column 14",
                "/Types/Echo | {\"name\":\"a\",\"fields\":[{},{\"number\":\"x\"}]} | request.fields[1].number",
                "/Types/Echo | {\"fields\":[{\"options\":[{\"nobody\":1}]}]} | request.fields[0].options[0].nobody",
                "/Types/Echo | {\"syntax\":true} | request.syntax",
                "/Types/Echo | {\"name\":\"a\",\"name\":\"b\"} | line 1, column",
                "/Types/Echo | {\"name\": | line 1, column",
                "/Types/Echo | {\"fields\":[{\"number\":1e999999999}]} | line 1, column 22"
            })
    void badJsonIsAnErrorThatSaysWhere(String path, String json, String place) throws Exception {
        HttpResponse<String> response = gateway.post(path, json);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains("\"code\":\"invalid_argument\"").contains("\"place\":\"" + place);
    }

    @Test
    void jsonThatNestsToADepthNoMessageHasIsRefused() throws Exception {
        String deep = "{\"fields\":".repeat(100_000);

        assertThat(gateway.post("/Types/Echo", deep).statusCode()).isEqualTo(400);
        assertThat(gateway.post("/Chat/Ask", deep).statusCode()).isEqualTo(400);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() throws Exception {
        HttpResponse<String> response = gateway.client.send(
                gateway.request("/Chat/Tell")
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xff, '"'}))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "/Chat/Nobody, 404, unknown method 'Nobody' of service 'Chat'",
        "/Nobody/Ask, 404, unknown service 'Nobody'",
        "/, 404, /Service/Method",
        "/favicon.ico, 404, /Service/Method",
        "/Chat/Talk, 415, application/connect+json"
    })
    void whatIsNotServedIsSaidSo(String path, int status, String text) throws Exception {
        HttpResponse<String> response = gateway.post(path, "{}");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/proto", "application/grpc"})
    void otherTypesOfBodiesAreRefused(String type) throws Exception {
        HttpResponse<String> response = gateway.client.send(
                gateway.request("/Chat/Ask")
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.body()).contains(type).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
    void otherMethodsAreRefusedAndTheConnectionGoesOn(String method) throws Exception {
        HttpResponse<String> response = gateway.client.send(
                gateway.request("/Chat/Ask")
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("GET, POST");
        assertThat(gateway.post("/Chat/Nothing", "").statusCode()).isEqualTo(200);
    }

    @Test
    void aThriftServiceWhoseIdlTheGatewayDoesNotHaveSaysWhatToSet() throws Exception {
        ChatService chat = new ChatService();
        try (var server = io.streamx.server.Server.builder()
                        .port(0)
                        .warmUp(false)
                        .service(chat.bind())
                        .transportOptions(GatewayOptions.builder().build())
                        .start();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(java.net.URI.create("http://localhost:" + server.port() + "/Chat/Ask"))
                            .version(HttpClient.Version.HTTP_1_1)
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(501);
            assertThat(response.body()).contains("GatewayOptions.Builder.thriftIdl");
        }
    }

    @Test
    void aServerWithoutTheseOptionsServesNoHttp() throws Exception {
        try (var server = io.streamx.server.Server.builder()
                        .port(0)
                        .warmUp(false)
                        .service(new ChatService().bind())
                        .start();
                RawHttp raw = new RawHttp(server.port())) {
            raw.post("/Chat/Ask", "{}");

            assertThat(raw.rest()).doesNotContain("HTTP/1.1");
        }
    }

    // ---- compression, time ----

    @Test
    void largeRepliesAreCompressedForWhoAcceptsThat() throws Exception {
        String text = "a".repeat(5000);
        HttpResponse<byte[]> response = gateway.client.send(
                gateway.json("/Chat/Ask", "{\"text\":\"" + text + "\"}")
                        .header("accept-encoding", "br, GZIP;q=0.5")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        try (var in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(response.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains(text);
        }
    }

    @Test
    void aCallerThatAllowsLittleTimeIsToldWhenItHasPassed() throws Exception {
        HttpResponse<String> response = gateway.client.send(
                gateway.json("/Chat/Wait", "\"x\"")
                        .header("connect-timeout-ms", "50")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.body().toLowerCase(Locale.ROOT))
                .contains("deadline_exceeded")
                .contains("50");
        assertThat(gateway.event()).isEqualTo("waiting");
        assertThat(gateway.event()).startsWith("cancelled");
    }

    @Test
    void aCallerThatLeavesCancelsItsHandler() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.post("/Chat/Wait", "\"x\"");
            assertThat(gateway.event()).isEqualTo("waiting");
        }

        assertThat(gateway.event()).startsWith("cancelled").contains("the HTTP client has closed the connection");
    }

    // ---- options ----

    @Test
    void optionsThatCannotBeMeantAreRefused() {
        assertThatThrownBy(() -> GatewayOptions.builder().pathPrefix("api"))
                .hasMessageContaining("pathPrefix: api (expected:");
        assertThatThrownBy(() -> GatewayOptions.builder().allowOrigin("app.example.com/"))
                .hasMessageContaining("allowOrigin: app.example.com/ (expected:");
        assertThatThrownBy(() -> GatewayOptions.builder()
                        .allowOrigin("*")
                        .allowCredentials(true)
                        .build())
                .hasMessageContaining("allowCredentials");
    }
}
