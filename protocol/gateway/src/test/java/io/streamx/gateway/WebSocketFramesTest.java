package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testing.ManualClock;
import io.streamx.testkit.LogLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The frames of WebSockets, byte by byte. */
class WebSocketFramesTest {
    private static final String HANDSHAKE =
            " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    static final int TEXT = 0x81;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8a;

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

    // ---- frames ----

    /** A masked frame of a client. */
    static byte[] frame(int type, String text) {
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) type);
        if (payload.length <= 125) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xffff) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static String expectClose(RawHttp raw) throws Exception {
        int type = raw.read();
        int length = raw.read();
        StringBuilder content = new StringBuilder();
        int code = raw.read() << 8 | raw.read();
        for (int i = 2; i < length; i++) {
            content.append((char) raw.read());
        }
        assertThat(type).isEqualTo(CLOSE);
        assertThat(raw.rest()).isEmpty();
        return code + " " + content;
    }

    static byte[] unmasked() {
        return new byte[] {(byte) TEXT, 2, '{', '}'};
    }

    @Test
    void framesThatNoClientSendsEndTheSocketWithACode() throws Exception {
        byte[][] frames = {
            unmasked(),
            frame(0xf1, "x"),
            frame(0x83, "x"),
            frame(0x80, "x"),
            frame(TEXT, "\u00ff"),
            frame(0x82, "x"),
            frame(TEXT, "x".repeat(100_100)),
            frame(0x09, "x"),
            frame(PING, "x".repeat(126))
        };
        String[] codes = {"1002", "1002", "1002", "1002", "1007", "1003", "1009", "1002", "1002"};
        try (LogLines log = new LogLines()) {
            for (int i = 0; i < frames.length; i++) {
                try (RawHttp raw = new RawHttp(gateway.port())) {
                    raw.send("GET /Chat/Talk" + HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
                    raw.send(frames[i]);

                    assertThat(expectClose(raw)).as("frame " + i).startsWith(codes[i]);
                    assertThat(gateway.event()).isEqualTo("ended: true");
                }
            }
            assertThat(log.containing("refused")).isNotEmpty();
        }
    }

    @Test
    void aTextInPiecesHasThatLimitToo() throws Exception {
        try (LogLines log = new LogLines();
                RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("GET /Chat/Talk" + HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
            raw.send(frame(0x01, "x".repeat(60_000))).send(frame(0x80, "x".repeat(60_000)));

            assertThat(expectClose(raw)).startsWith("1009");
            assertThat(gateway.event()).isEqualTo("ended: true");
        }
    }

    static byte[] beginningOf(byte[] frame) {
        return Arrays.copyOf(frame, frame.length - 1);
    }

    @Test
    void aTextThatBeginsAndDoesNotGoOnEndsTheSocket() throws Exception {
        byte[][] beginnings = {
            {(byte) TEXT}, beginningOf(frame(TEXT, "{\"message\":{}}")), frame(0x01, "{\"message\":"),
        };
        try (LogLines log = new LogLines();
                GatewayServer strict =
                        new GatewayServer(options -> options, server -> server.readTimeout(Duration.ofMillis(200)))) {
            for (byte[] beginning : beginnings) {
                try (RawHttp raw = new RawHttp(strict.port())) {
                    raw.send("GET /Chat/Talk" + HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
                    raw.send(frame(TEXT, "{\"message\":{\"number\":1,\"text\":\"a\"}}"));
                    raw.readUntil("}}");
                    raw.send(beginning);

                    assertThat(expectClose(raw)).isEqualTo("1008 a message was not whole within 200 ms");
                    assertThat(strict.event()).isEqualTo("ended: true");
                }
            }
            assertThat(log.containing("not whole within 200 ms")).isNotEmpty();
        }
    }

    /** The time for a text is measured by a clock that stands still, so that a busy machine makes no text late. */
    @Test
    void aTextThatTheServerDoesNotReadIsNotLate() throws Exception {
        ManualClock clock = new ManualClock();
        try (GatewayServer strict = new GatewayServer(
                        options -> options, server -> server.install(clock).readTimeout(Duration.ofSeconds(1)));
                RawHttp raw = new RawHttp(strict.port())) {
            raw.send("GET /Chat/Talk" + HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
            byte[] text = frame(TEXT, "{\"message\":{\"number\":1,\"text\":\"" + "x".repeat(4_000) + "\"}}");
            int count = 10_000;
            // Nobody reads the echoes, so that the handler stops sending and the connection is not read any more.
            AtomicInteger texts = new AtomicInteger();
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        raw.send(text);
                        texts.incrementAndGet();
                    }
                    raw.send(frame(TEXT, "{\"end\":{}}"));
                    sent.complete(null);
                } catch (IOException e) {
                    sent.completeExceptionally(e);
                }
            });
            int seen = -1;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (seen != texts.get() && System.nanoTime() < deadline) {
                seen = texts.get();
                assertThat(strict.chat.events.poll(2500, TimeUnit.MILLISECONDS)).isNull();
            }
            assertThat(sent).isNotDone();
            clock.advance(Duration.ofSeconds(10));

            for (int i = 0; i < count; i++) {
                assertThat(raw.readUntil("}}")).endsWith("x\"}}");
            }
            sent.get(GatewayServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(strict.event()).isEqualTo("talked");
        }
    }

    @Test
    void whoSendsPingsAndReadsNoAnswersIsNotAnsweredWithoutEnd() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("GET /Chat/Talk" + HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
            byte[] pings = new byte[0];
            for (int i = 0; i < 7; i++) {
                byte[] ping = frame(PING, "x".repeat(125));
                pings = i == 0 ? ping : twice(pings);
            }
            // 20 MB of pings, and so of answers, of which the network takes a part.
            int count = 2_500;
            for (int i = 0; i < count; i++) {
                raw.send(pings);
            }
            raw.send(frame(TEXT, "{\"message\":{\"number\":1,\"text\":\"a\"}}"));

            int answers = raw.readUntil("}}").length() / 127;
            assertThat(answers).isBetween(1, count * 64 - 1);
        }
        assertThat(gateway.event()).isEqualTo("ended: true");
    }

    private static byte[] twice(byte[] bytes) {
        return ByteBuffer.allocate(2 * bytes.length).put(bytes).put(bytes).array();
    }

    @Test
    void jsonThatNestsToADepthNoMessageHasEndsTheStream() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("GET /Chat/Talk" + HANDSHAKE + "\r\n").readUntil("\r\n\r\n");
            raw.send(frame(TEXT, "{\"message\":".repeat(8_000)));

            assertThat(raw.readUntil("}}}")).contains("invalid_argument");
            assertThat(expectClose(raw)).startsWith("4003");
        }
    }

    @Test
    void aSocketWhoseFirstFrameCameWithItsHandshakeIsNotALateRequest() throws Exception {
        try (GatewayServer strict = new GatewayServer(
                        options -> options.heartbeat(Duration.ofMillis(100)),
                        server -> server.readTimeout(Duration.ofMillis(200)));
                RawHttp raw = new RawHttp(strict.port())) {
            byte[] handshake = ("GET /Chat/Talk" + HANDSHAKE + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            byte[] text = frame(TEXT, "{\"message\":{\"number\":1,\"text\":\"a\"}}");
            raw.send(ByteBuffer.allocate(handshake.length + text.length)
                    .put(handshake)
                    .put(text)
                    .array());
            raw.readUntil("}}");

            // The heartbeats measure more than the time that a request has for being whole.
            for (int i = 0; i < 5; i++) {
                assertThat(raw.read()).isEqualTo(PING);
                assertThat(raw.read()).isZero();
            }
            raw.send(frame(TEXT, "{\"message\":{\"number\":2,\"text\":\"b\"}}"));
            assertThat(raw.readUntil("\"b\"}}")).endsWith("\"b\"}}");
            raw.send(frame(TEXT, "{\"end\":{}}"));
            assertThat(strict.event()).isEqualTo("talked");
        }
    }

    @Test
    void framesBehindTheHandshakeInOnePacketAreReadAndPingsAreAnswered() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            byte[] handshake = ("GET /Chat/Talk" + HANDSHAKE + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            byte[] ping = frame(PING, "hi");
            byte[] text = frame(TEXT, "{\"message\":{\"number\":1,\"text\":\"a\"}}");
            raw.send(ByteBuffer.allocate(handshake.length + ping.length + text.length)
                    .put(handshake)
                    .put(ping)
                    .put(text)
                    .array());

            assertThat(raw.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(raw.read()).isEqualTo(PONG);
            assertThat(raw.readUntil("}}")).contains("hi").contains("\"text\":\"a\"");
        }
        assertThat(gateway.event()).isEqualTo("ended: true");
    }
}
