package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams on WebSockets. */
class WebSocketsTest {
    private static final String HANDSHAKE =
            " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    @SuppressWarnings("NullAway.Init")
    private static GatewayServer gateway;

    @BeforeAll
    static void start() {
        gateway = new GatewayServer(options -> options.maxRequestBytes(100_000), server -> server);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.chat.events.clear();
    }

    /** What a client of the JDK receives, in order. */
    private static final class Received implements WebSocket.Listener {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                texts.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            texts.add("ping");
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            texts.add("closed " + code + " " + reason);
            return null;
        }

        @Nullable
        String next() throws InterruptedException {
            return texts.poll(GatewayServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static WebSocket connect(GatewayServer server, String path, Received received) throws Exception {
        return server.client
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + server.port() + path), received)
                .get();
    }

    @Test
    void aBidirectionalStreamGoesBothWaysAtOnce() throws Exception {
        Received received = new Received();
        WebSocket socket = connect(gateway, "/Chat/Talk", received);
        String large = "x".repeat(70_000);
        for (String text : new String[] {"a", "b".repeat(200), large}) {
            socket.sendText("{\"message\":{\"number\":1,\"text\":\"" + text + "\"}}", true)
                    .get();
            assertThat(received.next()).isEqualTo("{\"message\":{\"number\":1,\"text\":\"" + text + "\"}}");
        }
        socket.sendText("{\"end\":{}}", true).get();

        assertThat(received.next()).isEqualTo("{\"end\":{}}");
        assertThat(received.next()).isEqualTo("closed 1000 ");
        assertThat(gateway.event()).isEqualTo("talked");
    }

    @Test
    void aClientStreamHasOneReply() throws Exception {
        Received received = new Received();
        WebSocket socket = connect(gateway, "/Chat/Collect", received);
        socket.sendText("{\"message\":{\"number\":1,\"text\":\"a\"}}", true).get();
        socket.sendText("{ \"message\" : {\"number\":2,", false).get();
        socket.sendText("\"text\":\"b\"} }", true).get();
        socket.sendText("{\"end\":{}}", true).get();

        assertThat(received.next()).isEqualTo("{\"message\":{\"number\":3,\"text\":\"ab\"}}");
        assertThat(received.next()).isEqualTo("{\"end\":{}}");
        assertThat(received.next()).isEqualTo("closed 1000 ");
    }

    @Test
    void aServerStreamNeedsNoEndOfRequestsAndHasHeaderAndTrailer() throws Exception {
        Received received = new Received();
        WebSocket socket = connect(gateway, "/Chat/Tokens", received);
        socket.sendText("{\"message\":{\"text\":\"a\"}}", true).get();

        assertThat(received.next()).isEqualTo("{\"header\":{\"x-model\":[\"parrot\"]}}");
        assertThat(received.next()).isEqualTo("{\"message\":{\"number\":1,\"text\":\"a\"}}");
        assertThat(received.next()).isEqualTo("{\"end\":{\"metadata\":{\"x-cost\":[\"3\"]}}}");
        assertThat(received.next()).isEqualTo("closed 1000 ");
    }

    @Test
    void aFailureIsToldAndHasACloseCodeOfItsOwn() throws Exception {
        Received received = new Received();
        WebSocket socket = connect(gateway, "/Chat/Tokens", received);
        socket.sendText("{\"message\":{\"text\":\"failing\"}}", true).get();

        assertThat(received.next()).startsWith("{\"header\"");
        assertThat(received.next()).startsWith("{\"message\"");
        assertThat(received.next()).contains("\"business\":{\"code\":1001");
        assertThat(received.next()).isEqualTo("closed 4009 failed_precondition");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"message\":{\"number\":\"x\"}} | request.number",
                "{\"message\":1,\"more\":2} | expected: {\\\"message\\\"",
                "[] | expected: {\\\"message\\\"",
                "{\"message\" | line 1"
            })
    void badJsonEndsTheStreamWithItsPlace(String text, String place) throws Exception {
        Received received = new Received();
        WebSocket socket = connect(gateway, "/Chat/Talk", received);
        socket.sendText(text, true).get();

        assertThat(received.next()).contains("invalid_argument").contains(place);
        assertThat(received.next()).isEqualTo("closed 4003 invalid_argument");
    }

    @Test
    void closingTheSocketCancelsTheHandler() throws Exception {
        Received received = new Received();
        WebSocket socket = connect(gateway, "/Chat/Talk", received);
        socket.sendText("{\"message\":{\"number\":1,\"text\":\"a\"}}", true).get();
        assertThat(received.next()).contains("message");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "enough").get();

        assertThat(gateway.event()).isEqualTo("ended: true");
        assertThat(received.next()).isEqualTo("closed 1000 ");
    }

    @Test
    void aSilentStreamIsPinged() throws Exception {
        try (GatewayServer beating =
                new GatewayServer(options -> options.heartbeat(Duration.ofMillis(50)), server -> server)) {
            Received received = new Received();
            WebSocket socket = connect(beating, "/Chat/Talk", received);

            assertThat(received.next()).isEqualTo("ping");
            assertThat(received.next()).isEqualTo("ping");
            socket.abort();
            assertThat(beating.event()).isEqualTo("ended: true");
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheHandler() throws Exception {
        try (GatewayServer slow = new GatewayServer();
                RawHttp raw = new RawHttp(slow.port())) {
            raw.send("GET /Chat/Tokens" + HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
            raw.send(WebSocketFramesTest.frame(WebSocketFramesTest.TEXT, "{\"message\":{\"text\":\"endless\"}}"));
            assertThat(slow.event()).isEqualTo("streaming from 0");
            long seen = -1;
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (seen != slow.chat.sent.get() && System.nanoTime() < deadline) {
                seen = slow.chat.sent.get();
                assertThat(slow.chat.events.poll(500, TimeUnit.MILLISECONDS)).isNull();
            }

            // 8 KiB each: far less than what an unbounded stream would have made in that time.
            assertThat(slow.chat.sent.get()).isLessThan(4000);
        }
    }

    // ---- handshakes ----

    @ParameterizedTest
    @ValueSource(strings = {"/Chat/Ask", "/Chat/Nobody", "/Nobody/Talk"})
    void whatIsNoStreamIsRefusedBeforeTheSocketIsOne(String path) {
        assertThatThrownBy(() -> connect(gateway, path, new Received()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-WebSocket-Version: 8 | 426",
                "Sec-WebSocket-Key: short | 400",
                "Content-Length: 3 | 400",
                "Origin: https://evil.example | 403"
            })
    void handshakesThatCannotBeAreRefused(String header, String status) throws Exception {
        String name = header.substring(0, header.indexOf(':') + 1);
        StringBuilder request = new StringBuilder("GET /Chat/Talk");
        for (String line : HANDSHAKE.split("\r\n", -1)) {
            if (!line.startsWith(name) && !line.isEmpty()) {
                request.append(line).append("\r\n");
            }
        }
        try (RawHttp raw = new RawHttp(gateway.port())) {
            assertThat(raw.send(request + header + "\r\n\r\n").response()).startsWith("HTTP/1.1 " + status);
        }
    }
}
