package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.LogLines;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are malformed, ambiguous, too large or too slow: each gets an answer, and the connection ends. */
class HostileRequestsTest {
    @SuppressWarnings("NullAway.Init")
    private static GatewayServer gateway;

    @SuppressWarnings("NullAway.Init")
    private LogLines log;

    @BeforeAll
    static void start() {
        gateway = new GatewayServer(
                options -> options.maxHeaderBytes(4096).maxRequestBytes(10_000),
                server -> server.readTimeout(Duration.ofMillis(300)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void listen() {
        log = new LogLines();
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    private static String refused(String request) throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            String answer = raw.send(request).response();
            assertThat(raw.rest()).as("what follows " + answer).isEmpty();
            return answer;
        }
    }

    @Test
    void aLengthBesideChunksIsRefused() throws Exception {
        String answer = refused("POST /Chat/Nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /Chat/Tell HTTP/1.1\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("both Content-Length and Transfer-Encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2\r\nContent-Length: 3",
                "Content-Length: 2, 3",
                "Content-Length: -1",
                "Content-Length: +2",
                "Content-Length: 0x2",
                "Content-Length: 99999999999999999999",
                "Host: b",
                "X-Space : 1",
                ": 1",
                "X\u0001: 1",
                "X-Nul: \u0000"
            })
    void headersThatTwoServersCouldReadDifferentlyAreRefused(String header) throws Exception {
        String answer = refused(
                "POST /Chat/Nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n{}");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("invalid_argument");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip, chunked",
                "xchunked",
                "chunked, chunked",
                "identity",
                "chunked\r\nTransfer-Encoding: chunked"
            })
    void codingsOfTransferOtherThanChunkedAreRefused(String coding) throws Exception {
        String answer = refused("POST /Chat/Nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n");

        assertThat(answer).containsPattern("^HTTP/1.1 (400|501)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n{}\r\n0\r\n\r\n",
                "-2\r\n{}\r\n0\r\n\r\n",
                "2\n{}\r\n0\r\n\r\n",
                "2\r\n{}x\r\n0\r\n\r\n",
                "ffffffffff\r\n{}"
            })
    void malformedChunksAreRefused(String chunks) throws Exception {
        String answer = refused("POST /Chat/Nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + chunks);

        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /Chat/Ask HTTP/1.1\r\n\r\n",
                "GET /Chat/Ask HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET /Chat/Ask\r\nHost: a\r\n\r\n",
                "GET /%zz/Ask HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
                "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /Chat/Ask HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /Chat/Ask HTTP/1.1\nHost: a\n\n"
            })
    void requestsThatAreNoneAreRefused(String request) throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            assertThat(raw.send(request).response()).containsPattern("^HTTP/1.1 (400|404|405|505)");
        }
    }

    @Test
    void aRequestLineAndHeadersHaveALimit() throws Exception {
        assertThat(refused("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414")
                .contains("4096");
        assertThat(refused("GET /Chat/Ask HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(5000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("4096");
        assertThat(refused("GET /Chat/Ask HTTP/1.1\r\nHost: a\r\n" + "X: a\r\n".repeat(2000) + "\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void aBodyHasALimitWhetherItIsAnnouncedOrNot() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("POST /Chat/Ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10001\r\nExpect: 100-continue\r\n\r\n");

            assertThat(raw.response()).startsWith("HTTP/1.1 413").contains("at most 10000");
        }
        String chunk = "1000\r\n" + "a".repeat(0x1000) + "\r\n";
        assertThat(refused("POST /Chat/Ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(4)))
                .startsWith("HTTP/1.1 413")
                .contains("at most 10000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: ", "X: a\r\nX: "})
    void trailersHaveTheLimitOfHeaders(String trailer) throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("POST /Chat/Ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + trailer + "a".repeat(5000)
                    + "\r\n\r\nPOST /Chat/Tell HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 3\r\n\r\n\"x\"");

            assertThat(raw.rest()).startsWith("HTTP/1.1 4").contains("connection: close");
        }
        // What came behind must not be run as a request of its own.
        assertThat(gateway.chat.events).doesNotContain("told x");
    }

    @Test
    void anExpectationOfContinueIsAnswered() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("POST /Chat/Nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");

            assertThat(raw.send("{}").response()).startsWith("HTTP/1.1 200").endsWith("null");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /Chat/Ask HTTP/1.1\r\nHost",
                "POST /Chat/Ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
                "POST /Chat/Ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2"
            })
    void aRequestThatBeginsAndDoesNotGoOnIsGivenUp(String beginning) throws Exception {
        assertThat(refused(beginning)).startsWith("HTTP/1.1 408").contains("300 ms");
    }

    private static String chunk(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
    }

    private static String streamOf(String method, String type) {
        return "POST /Chat/" + method + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/" + type
                + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    private static String envelope(String json) {
        return "\0\0\0\0" + (char) json.length() + json;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\0\0\0\0\u001b", "\0\0\0\0\u001b{\"number\":"})
    void aMessageOfAStreamThatBeginsAndDoesNotGoOnEndsTheStream(String beginning) throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send(streamOf("Talk", "connect+json") + chunk(envelope("{\"number\":1,\"text\":\"a\"}")));
            assertThat(raw.readUntil("\"a\"}")).startsWith("HTTP/1.1 200");
            raw.send(chunk(beginning));

            assertThat(raw.rest()).contains("deadline_exceeded").contains("not whole within 300 ms");
        }
        assertThat(gateway.event()).isEqualTo("ended: true");
    }

    @Test
    void theOnlyMessageOfAStreamIsFollowedByTheEndOfItsRequestInTime() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send(streamOf("Tokens", "connect+json") + chunk(envelope("{\"text\":\"a\"}")));

            assertThat(raw.rest()).startsWith("HTTP/1.1 200").contains("deadline_exceeded");
        }
    }

    @Test
    void aStreamWhosePiecesEndWithinMessagesGoesOnForAsLongAsEachIsWholeInTime() throws Exception {
        try (GatewayServer other =
                        new GatewayServer(options -> options, server -> server.readTimeout(Duration.ofSeconds(2)));
                RawHttp raw = new RawHttp(other.port())) {
            String message = envelope("{\"number\":1,\"text\":\"again\"}");
            raw.send(streamOf("Talk", "connect+json") + chunk(message.substring(0, 9)));
            for (int i = 0; i < 50; i++) {
                raw.send(chunk(message.substring(9) + message.substring(0, 9)));
                raw.readUntil("again\"}");
                assertThat(other.chat.events.poll(50, TimeUnit.MILLISECONDS)).isNull();
            }
            raw.send(chunk(message.substring(9)));
            raw.readUntil("again\"}");
            // Between messages a sender may take any time.
            assertThat(other.chat.events.poll(2500, TimeUnit.MILLISECONDS)).isNull();
            raw.send("0\r\n\r\n");

            assertThat(raw.readUntil("0\r\n\r\n")).contains("{}");
            assertThat(other.event()).isEqualTo("talked");
        }
    }

    @Test
    void whatIsMalformedIsALineInTheLog() throws Exception {
        try (GatewayServer other = new GatewayServer();
                RawHttp raw = new RawHttp(other.port())) {
            raw.send("GET /Chat/Ask HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\n");

            assertThat(raw.response()).startsWith("HTTP/1.1 400");
            assertThat(log.await("HTTP/1.1 as in RFC 9112")).contains("refused");
        }
    }

    @Test
    void aConnectionWithoutRequestsIsClosed() throws Exception {
        try (GatewayServer idle =
                        new GatewayServer(options -> options.idleTimeout(Duration.ofMillis(100)), server -> server);
                RawHttp raw = new RawHttp(idle.port())) {
            raw.post("/Chat/Nothing", "");
            assertThat(raw.response()).endsWith("null");

            assertThat(raw.rest()).isEmpty();
        }
    }

    @Test
    void requestsSentAheadAreAnsweredInOrder() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                String json = "{\"text\":\"" + i + "\"}";
                many.append("POST /Chat/Ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ")
                        .append(json.length())
                        .append("\r\n\r\n")
                        .append(json);
            }
            raw.send(many.toString());

            for (int i = 0; i < 300; i++) {
                assertThat(raw.response()).contains("\"you asked: " + i + "\"");
            }
        }
    }

    @Test
    void aRequestOfTinyChunksSentAheadIsReadOnInItsTurn() throws Exception {
        try (GatewayServer other = new GatewayServer();
                RawHttp raw = new RawHttp(other.port())) {
            raw.post("/Chat/Wait", "\"x\"");
            assertThat(other.event()).isEqualTo("waiting");
            String text = "y".repeat(5000);
            StringBuilder chunks = new StringBuilder("POST /Chat/Ask HTTP/1.1\r\nHost: a\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (char each : ("{\"text\":\"" + text + "\"}").toCharArray()) {
                chunks.append("1\r\n").append(each).append("\r\n");
            }
            raw.send(chunks + "0\r\n\r\n");
            other.chat.released.countDown();

            assertThat(raw.response()).contains("\"released\"");
            assertThat(raw.response()).contains("\"you asked: " + text + "\"");
        }
    }

    @Test
    void aRequestThatAsksForItEndsItsConnection() throws Exception {
        assertThat(refused("POST /Chat/Nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("connection: close");
    }

    @Test
    void http10IsServedAndItsStreamsEndWithTheConnection() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("POST /Chat/Tokens HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n"
                    + "{\"text\":\"a\"}");

            assertThat(raw.rest())
                    .doesNotContain("chunked")
                    .contains("{\"message\":{\"number\":1,\"text\":\"a\"}}\n{\"end\":");
        }
        assertThat(gateway.event()).isEqualTo("streaming from 0");
    }

    @Test
    void aClosingServerAnswersWhatRunsAndSaysThatTheConnectionEnds() throws Exception {
        try (GatewayServer closing =
                        new GatewayServer(options -> options, server -> server.shutdownWindow(Duration.ofSeconds(20)));
                RawHttp idle = new RawHttp(closing.port());
                RawHttp raw = new RawHttp(closing.port())) {
            idle.post("/Chat/Nothing", "");
            assertThat(idle.response()).endsWith("null");
            raw.post("/Chat/Wait", "\"x\"");
            assertThat(closing.event()).isEqualTo("waiting");

            Thread close = Thread.ofVirtual().start(closing.server::close);
            assertThat(idle.rest()).isEmpty();
            closing.chat.released.countDown();

            assertThat(raw.response()).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            assertThat(raw.rest()).isEmpty();
            close.join();
        }
    }

    @Test
    void aClosingServerClosesBehindTheStreamsThatRun() throws Exception {
        try (GatewayServer closing =
                        new GatewayServer(options -> options, server -> server.shutdownWindow(Duration.ofSeconds(20)));
                RawHttp idle = new RawHttp(closing.port());
                RawHttp raw = new RawHttp(closing.port())) {
            idle.post("/Chat/Nothing", "");
            assertThat(idle.response()).endsWith("null");
            raw.send("POST /Chat/Talk HTTP/1.1\r\nHost: a\r\nContent-Type: application/connect+json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n20\r\n\0\0\0\0\u001b{\"number\":1,\"text\":\"hello\"}\r\n");
            assertThat(raw.readUntil("hello")).startsWith("HTTP/1.1 200");

            Thread close = Thread.ofVirtual().start(closing.server::close);
            assertThat(idle.rest()).isEmpty();
            raw.send("0\r\n\r\n");

            assertThat(raw.rest()).endsWith("0\r\n\r\n");
            close.join();
        }
    }
}
