package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ServerStreamingServer;
import io.streamx.client.Client;
import io.streamx.generic.Form;
import io.streamx.generic.GenericHandler;
import io.streamx.generic.GenericMethod;
import io.streamx.server.Server;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of a server as server-sent events and as lines of JSON. */
class JsonStreamsTest {
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

    @BeforeEach
    void forget() {
        gateway.chat.events.clear();
    }

    private static HttpResponse<String> get(HttpRequest.Builder request) throws Exception {
        return gateway.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String query(String json) {
        return "?message=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
    }

    @Test
    void eventsHaveNumbersAndTheEndTellsTheTrailer() throws Exception {
        HttpResponse<String> response =
                get(gateway.json("/Chat/Tokens", "{\"text\":\"a b\"}").header("accept", "text/event-stream"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(response.headers().firstValue("cache-control")).contains("no-cache");
        assertThat(response.headers().firstValue("x-model")).contains("parrot");
        assertThat(response.body())
                .isEqualTo("data: {\"number\":1,\"text\":\"a\"}\nid: 1\n\n"
                        + "data: {\"number\":2,\"text\":\"b\"}\nid: 2\n\n"
                        + "event: end\ndata: {\"metadata\":{\"x-cost\":[\"3\"]}}\n\n");
        assertThat(gateway.event()).isEqualTo("streaming from 0");
    }

    @Test
    void linesHoldMessagesAndALastOneTheEnd() throws Exception {
        HttpResponse<String> response = gateway.post("/Chat/Tokens", "{\"text\":\"a b\"}");

        assertThat(response.headers().firstValue("content-type")).contains("application/x-ndjson");
        assertThat(response.body())
                .isEqualTo("{\"message\":{\"number\":1,\"text\":\"a\"}}\n"
                        + "{\"message\":{\"number\":2,\"text\":\"b\"}}\n"
                        + "{\"end\":{\"metadata\":{\"x-cost\":[\"3\"]}}}\n");
        assertThat(gateway.event()).isEqualTo("streaming from 0");
    }

    @Test
    void aBrowsersEventSourceCallsWithGetAndGoesOnWhereItWas() throws Exception {
        HttpResponse<String> response = get(gateway.request("/Chat/Tokens" + query("{\"text\":\"c d\"}"))
                .header("accept", "text/event-stream")
                .header("last-event-id", "2"));

        assertThat(response.body())
                .startsWith(
                        "data: {\"number\":3,\"text\":\"c\"}\nid: 3\n\ndata: {\"number\":4,\"text\":\"d\"}\nid: 4\n\n");
        assertThat(gateway.event()).isEqualTo("streaming from 2");
    }

    @Test
    void aProtobufServiceStreamsToo() throws Exception {
        HttpResponse<String> response =
                gateway.post("/Types/Fields", "{\"name\":\"failing\",\"fields\":[{\"number\":1},{\"number\":2}]}");

        assertThat(response.body())
                .isEqualTo("{\"message\":{\"number\":1}}\n{\"message\":{\"number\":2}}\n"
                        + "{\"end\":{\"error\":{\"code\":\"resource_exhausted\",\"message\":\"no more fields\"},"
                        + "\"metadata\":{\"x-cost\":[\"3\"]}}}\n");
    }

    @Test
    void theErrorOfAStreamIsToldInTheStream() throws Exception {
        HttpResponse<String> response =
                get(gateway.json("/Chat/Tokens", "{\"text\":\"failing\"}").header("accept", "text/event-stream"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains(
                        "event: end\ndata: {\"error\":{\"code\":\"failed_precondition\",\"message\":\"no more credit\","
                                + "\"business\":{\"code\":1001,\"message\":\"no more credit\",\"extra\":{\"left\":\"0\"}}}");
        assertThat(gateway.event()).isEqualTo("streaming from 0");
        assertThat(gateway.event()).startsWith("ended");
    }

    @Test
    void badJsonIsToldInTheStreamWithItsPlace() throws Exception {
        HttpResponse<String> response = gateway.post("/Chat/Tokens", "{\"text\":1}");

        assertThat(response.body()).contains("\"invalid_argument\"").contains("\"place\":\"request.text\"");
    }

    @Test
    void aTokenIsReadBeforeTheNextOneIsMade() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("GET /Chat/Tokens" + query("{\"text\":\"paced\"}")
                    + " HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n\r\n");
            assertThat(gateway.event()).isEqualTo("streaming from 0");
            for (int i = 1; i <= 3; i++) {
                gateway.chat.pace.release();

                assertThat(raw.readUntil("\n\n")).contains("token " + i).contains("id: " + i);
            }
        }
        assertThat(gateway.event()).isEqualTo("ended: true");
    }

    @Test
    void aSilentStreamHasHeartbeatsAndTheHeaderFollowsThem() throws Exception {
        try (GatewayServer beating =
                        new GatewayServer(options -> options.heartbeat(Duration.ofMillis(50)), server -> server);
                RawHttp raw = new RawHttp(beating.port())) {
            raw.send("GET /Chat/Tokens" + query("{\"text\":\"paced\"}")
                    + " HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n\r\n");

            assertThat(raw.readUntil(":\n\n")).contains("text/event-stream").doesNotContain("x-model");
            assertThat(raw.readUntil(":\n\n")).endsWith(":\n\n");
            beating.chat.pace.release();
            assertThat(raw.readUntil("id: 1\n\n")).contains("event: header\ndata: {\"x-model\":[\"parrot\"]}");
        }
    }

    @Test
    void aReaderThatDoesNotReadHoldsItsHandlerAndLeavingEndsIt() throws Exception {
        try (GatewayServer slow = new GatewayServer()) {
            try (RawHttp raw = new RawHttp(slow.port())) {
                raw.post("/Chat/Tokens", "{\"text\":\"endless\"}");
                assertThat(raw.readUntil("\"number\":1,")).contains("200 OK");
                assertThat(slow.event()).isEqualTo("streaming from 0");

                // The buffers of both sockets, the channel and the stream are full when no more is sent for a while.
                long seen = -1;
                long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (seen != slow.chat.sent.get() && System.nanoTime() < deadline) {
                    seen = slow.chat.sent.get();
                    assertThat(slow.chat.events.poll(500, java.util.concurrent.TimeUnit.MILLISECONDS))
                            .isNull();
                }
                // 8 KiB each: far less than what an unbounded stream would have made in that time.
                assertThat(slow.chat.sent.get()).isLessThan(4000);
                assertThat(raw.readUntil("\"number\":" + (seen + 10) + ",")).contains("\"number\":" + seen + ",");
            }
            assertThat(slow.event()).isEqualTo("ended: true");
        }
    }

    /** Asks another server, over TTHeader, and passes on what it streams. */
    private static final class Forwarding implements GenericHandler<Object> {
        private final Client client;

        Forwarding(Client client) {
            this.client = client;
        }

        @Override
        public void serverStreaming(GenericMethod method, Object request, ServerStreamingServer<Object> stream) {
            try (var tokens = ChatService.IDL.client(client, Form.values()).serverStreaming(method.name(), request)) {
                for (Object token = tokens.recv(); token != null; token = tokens.recv()) {
                    stream.send(token);
                }
            }
        }
    }

    @Test
    void aReaderWhoLeavesCancelsTheWholeChainAndTheCancelPathIsKept() throws Exception {
        ChatService model = new ChatService();
        try (Server behind = Server.builder()
                        .port(0)
                        .warmUp(false)
                        .service(model.bind())
                        .start();
                Client client = Client.builder("Chat")
                        .address("localhost:" + behind.port())
                        .callerName("front")
                        .build();
                Server front = Server.builder()
                        .port(0)
                        .warmUp(false)
                        .service(ChatService.IDL.bind(Form.values(), new Forwarding(client)))
                        .transportOptions(GatewayOptions.builder()
                                .thriftIdl(ChatService.IDL)
                                .build())
                        .start()) {
            long left;
            try (RawHttp raw = new RawHttp(front.port())) {
                raw.post("/Chat/Tokens", "{\"text\":\"paced\"}");
                assertThat(model.events.poll(20, java.util.concurrent.TimeUnit.SECONDS))
                        .isEqualTo("streaming from 0");
                model.pace.release();
                assertThat(raw.readUntil("token 1")).contains("200 OK");
                left = System.nanoTime();
            }
            assertThat(model.events.poll(20, java.util.concurrent.TimeUnit.SECONDS))
                    .isEqualTo("ended: true");
            // Kitex has these words for whoever is on no transport of its own.
            assertThat(model.cancelPath).containsExactly("non-ttstream path", "front");
            System.out.println("the handler two hops behind ended after "
                    + Duration.ofNanos(System.nanoTime() - left).toMillis() + " ms");
        }
    }

    @Test
    void oneConnectionCarriesOneRequestAfterTheOther() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            for (String text : List.of("one", "two", "three")) {
                raw.post("/Chat/Tokens", "{\"text\":\"" + text + "\"}");
                assertThat(raw.readUntil("0\r\n\r\n")).contains(text).contains("chunked");
                assertThat(gateway.event()).isEqualTo("streaming from 0");
                raw.post("/Chat/Nothing", "");
                assertThat(raw.response()).endsWith("null");
            }
        }
    }
}
