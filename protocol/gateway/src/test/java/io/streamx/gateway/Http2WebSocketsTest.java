package io.streamx.gateway;

import static io.streamx.gateway.WebSocketFramesTest.CLOSE;
import static io.streamx.gateway.WebSocketFramesTest.PING;
import static io.streamx.gateway.WebSocketFramesTest.PONG;
import static io.streamx.gateway.WebSocketFramesTest.TEXT;
import static io.streamx.gateway.WebSocketFramesTest.beginningOf;
import static io.streamx.gateway.WebSocketFramesTest.frame;
import static io.streamx.gateway.WebSocketFramesTest.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.gateway.RawHttp2.Frame;
import io.streamx.gateway.RawHttp2.Response;
import io.streamx.testkit.LogLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSockets on streams of HTTP/2, as RFC 8441 has them. */
class Http2WebSocketsTest {
    private static final int CANCEL = 8;

    /** A server to each test, because what other tests leave behind is told as an event too. */
    @SuppressWarnings("NullAway.Init")
    private GatewayServer gateway;

    @BeforeEach
    void start() {
        gateway = new GatewayServer(options -> options.maxRequestBytes(100_000), server -> server);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static Http2Headers asking(String path, String... namesAndValues) {
        return RawHttp2.head("CONNECT", path, namesAndValues)
                .set(":protocol", "websocket")
                .set("sec-websocket-version", "13");
    }

    /** A WebSocket on one stream of a connection, and what the server has sent on it. For one thread. */
    private static final class Socket {
        private final RawHttp2 connection;
        private final int stream;
        private final ByteBuf came = Unpooled.buffer();
        private boolean ended;

        Socket(RawHttp2 connection, int stream, String path) throws Exception {
            this.connection = connection;
            this.stream = stream;
            connection.headers(stream, asking(path), false);
            Frame answer = connection.next(stream);
            assertThat(answer.headers()).isNotNull();
            assertThat(answer.headers().status()).hasToString("200");
            assertThat(answer.isEnd()).isFalse();
        }

        void text(String json) throws IOException {
            send(frame(TEXT, json));
        }

        void send(byte[] frame) throws IOException {
            connection.sendWithinWindows(stream, frame, false);
        }

        private void await(int bytes) throws IOException {
            while (came.readableBytes() < bytes) {
                Frame next = connection.next(stream);
                if (next.type() != RawHttp2.DATA || ended) {
                    throw new IOException(
                            "frame " + next.type() + ", " + Arrays.toString(next.payload()) + " (expected: DATA)");
                }
                came.writeBytes(next.payload());
                connection.window(stream, Math.max(1, next.payload().length));
                ended = next.isEnd();
            }
        }

        /** The next frame of the WebSocket: its type in hexadecimal and what is in it. */
        String next() throws IOException {
            await(2);
            int type = came.readUnsignedByte();
            long length = came.readUnsignedByte();
            if (length >= 126) {
                await(length == 126 ? Short.BYTES : Long.BYTES);
                length = length == 126 ? came.readUnsignedShort() : came.readLong();
            }
            await((int) length);
            if (type == CLOSE) {
                return "closed " + came.readUnsignedShort() + " "
                        + came.readCharSequence((int) length - Short.BYTES, StandardCharsets.UTF_8);
            }
            String content =
                    came.readCharSequence((int) length, StandardCharsets.UTF_8).toString();
            return type == TEXT ? content : Integer.toHexString(type) + " " + content;
        }

        /** Whether the server ends the stream behind what it has sent. */
        boolean isEnded() throws IOException {
            while (!ended) {
                Frame next = connection.next(stream);
                ended = next.isEnd();
                if (!ended) {
                    throw new IOException("frame " + next.type() + " (expected: the end of the stream)");
                }
            }
            return !came.isReadable();
        }
    }

    @Test
    void theServerSaysThatItTakesThem() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            assertThat(raw.takesConnectProtocol()).isTrue();
        }
    }

    @Test
    void aBidirectionalStreamGoesBothWaysAtOnceBesideOtherRequests() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            Socket socket = new Socket(raw, 1, "/Chat/Talk");
            Socket other = new Socket(raw, 3, "/Chat/Talk");
            for (String text : new String[] {"a", "b".repeat(200), "x".repeat(70_000)}) {
                String message = "{\"message\":{\"number\":1,\"text\":\"" + text + "\"}}";
                socket.text(message);
                assertThat(socket.next()).isEqualTo(message);
                other.text(message);
                assertThat(other.next()).isEqualTo(message);
            }
            raw.post(5, "/Chat/Ask", "{\"text\":\"a\"}");
            assertThat(raw.response(5).body()).contains("you asked: a");

            socket.text("{\"end\":{}}");
            assertThat(socket.next()).isEqualTo("{\"end\":{}}");
            assertThat(socket.next()).isEqualTo("closed 1000 ");
            assertThat(gateway.event()).isEqualTo("talked");
            socket.send(frame(CLOSE, "\u0003\u00e8"));
            assertThat(socket.isEnded()).isTrue();
        }
    }

    @Test
    void messagesOfAnySizeMayBeAllowed() throws Exception {
        try (GatewayServer any =
                        new GatewayServer(options -> options.maxRequestBytes(Integer.MAX_VALUE), server -> server);
                RawHttp2 raw = new RawHttp2(any.port())) {
            Socket socket = new Socket(raw, 1, "/Chat/Talk");
            String message = "{\"message\":{\"number\":1,\"text\":\"a\"}}";
            socket.text(message);
            assertThat(socket.next()).isEqualTo(message);
        }
    }

    @Test
    void aStreamOfTheServerHasHeaderTrailerAndFailures() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            Socket socket = new Socket(raw, 1, "/Chat/Tokens");
            socket.text("{\"message\":{\"text\":\"a\"}}");
            assertThat(socket.next()).isEqualTo("{\"header\":{\"x-model\":[\"parrot\"]}}");
            assertThat(socket.next()).isEqualTo("{\"message\":{\"number\":1,\"text\":\"a\"}}");
            assertThat(socket.next()).isEqualTo("{\"end\":{\"metadata\":{\"x-cost\":[\"3\"]}}}");
            assertThat(socket.next()).isEqualTo("closed 1000 ");

            Socket failing = new Socket(raw, 3, "/Chat/Talk");
            failing.text("{\"message\":{\"number\":\"x\"}}");
            assertThat(failing.next()).contains("invalid_argument").contains("request.number");
            assertThat(failing.next()).isEqualTo("closed 4003 invalid_argument");
        }
    }

    @Test
    void aClientThatDoesNotCloseAfterTheEndHasItsStreamEnded() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            Socket socket = new Socket(raw, 1, "/Chat/Talk");
            socket.text("{\"end\":{}}");
            assertThat(socket.next()).isEqualTo("{\"end\":{}}");
            assertThat(socket.next()).isEqualTo("closed 1000 ");
            assertThat(socket.isEnded()).isTrue();
        }
    }

    @Test
    void whoLeavesCancelsTheHandlerInEachOfTheThreeWays() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            Socket closed = new Socket(raw, 1, "/Chat/Talk");
            closed.send(frame(CLOSE, "\u0003\u00e9"));
            assertThat(closed.next()).isEqualTo("closed 1001 ");
            assertThat(closed.isEnded()).isTrue();
            assertThat(gateway.event()).isEqualTo("ended: true");

            Socket reset = new Socket(raw, 3, "/Chat/Talk");
            reset.text("{\"message\":{\"number\":1}}");
            assertThat(reset.next()).contains("message");
            raw.reset(3);
            assertThat(gateway.event()).isEqualTo("ended: true");

            Socket ended = new Socket(raw, 5, "/Chat/Talk");
            raw.data(5, new byte[0], true);
            assertThat(ended.isEnded()).isTrue();
            assertThat(gateway.event()).isEqualTo("ended: true");
        }
    }

    @Test
    void aSilentStreamIsPingedAndPingsAreAnswered() throws Exception {
        try (GatewayServer beating =
                        new GatewayServer(options -> options.heartbeat(Duration.ofMillis(50)), server -> server);
                RawHttp2 raw = new RawHttp2(beating.port())) {
            Socket socket = new Socket(raw, 1, "/Chat/Talk");
            assertThat(socket.next()).isEqualTo(Integer.toHexString(PING) + " ");
            socket.send(frame(PING, "hi"));
            String next = socket.next();
            while (next.equals(Integer.toHexString(PING) + " ")) {
                next = socket.next();
            }
            assertThat(next).isEqualTo(Integer.toHexString(PONG) + " hi");
        }
    }

    // ---- handshakes ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/Chat/Talk | CONNECT | :protocol | connect-udp | 501",
                "/Chat/Talk | CONNECT | sec-websocket-version | 8 | 400",
                "/Chat/Talk | CONNECT | content-length | 3 | 400",
                "/Chat/Talk | CONNECT | origin | https://evil.example | 403",
                "/Chat/Talk | CONNECT | sec-fetch-site | cross-site | 403",
                "/Chat/Talk | GET | x-other | 1 | 400",
                "/Chat/Ask | CONNECT | x-other | 1 | 400",
                "/Chat/Nobody | CONNECT | x-other | 1 | 404",
                "/Nobody/Talk | CONNECT | x-other | 1 | 404",
                "/streamx/try/ | CONNECT | x-other | 1 | 404"
            })
    void handshakesThatCannotBeAreRefusedAndTheConnectionGoesOn(
            String path, String method, String name, String value, int status) throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            raw.headers(1, asking(path).method(method).set(name, value), false);
            Response refused = raw.response(1);
            assertThat(refused.status()).as(refused.body()).isEqualTo(status);
            assertThat(refused.headers().contains("upgrade")).isFalse();

            assertThat(new Socket(raw, 3, "/Chat/Talk")).isNotNull();
        }
    }

    @Test
    void aRequestWithoutAnyBytesToComeIsRefused() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            raw.headers(1, asking("/Chat/Talk"), true);
            assertThat(raw.response(1).status()).isEqualTo(400);
        }
    }

    // ---- frames ----

    @Test
    void framesThatNoClientSendsEndTheSocketAloneWithACode() throws Exception {
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
        try (LogLines log = new LogLines();
                RawHttp2 raw = new RawHttp2(gateway.port())) {
            for (int i = 0; i < frames.length; i++) {
                Socket socket = new Socket(raw, 2 * i + 1, "/Chat/Talk");
                socket.send(frames[i]);

                assertThat(socket.next()).as("frame " + i).startsWith("closed " + codes[i]);
                assertThat(socket.isEnded()).isTrue();
                assertThat(gateway.event()).isEqualTo("ended: true");
            }
            assertThat(log.containing("refused")).isNotEmpty();
        }
    }

    @Test
    void aTextThatBeginsAndDoesNotGoOnEndsTheSocketAlone() throws Exception {
        byte[][] beginnings = {
            {(byte) TEXT}, beginningOf(frame(TEXT, "{\"message\":{}}")), frame(0x01, "{\"message\":"),
        };
        try (LogLines log = new LogLines();
                GatewayServer strict =
                        new GatewayServer(options -> options, server -> server.readTimeout(Duration.ofMillis(500)));
                RawHttp2 raw = new RawHttp2(strict.port())) {
            for (int i = 0; i < beginnings.length; i++) {
                Socket socket = new Socket(raw, 2 * i + 1, "/Chat/Talk");
                socket.text("{\"message\":{\"number\":1,\"text\":\"a\"}}");
                assertThat(socket.next()).contains("\"text\":\"a\"");
                socket.send(beginnings[i]);

                assertThat(socket.next()).isEqualTo("closed 1008 a message was not whole within 500 ms");
                assertThat(socket.isEnded()).isTrue();
                assertThat(strict.event()).isEqualTo("ended: true");
            }
            assertThat(log.containing("not whole within 500 ms")).isNotEmpty();
        }
    }

    @Test
    void whoSendsPingsAndTakesNoAnswersIsNotAnsweredWithoutEnd() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port(), 0)) {
            raw.headers(1, asking("/Chat/Talk"), false);
            assertThat(raw.next(1).headers()).isNotNull();
            byte[] ping = frame(PING, "x".repeat(125));
            int count = 5_000;
            for (int i = 0; i < count; i++) {
                raw.sendWithinWindows(1, ping, false);
            }
            raw.settle(1);
            raw.window(1, 2 * count * ping.length);
            raw.settle(2);

            raw.sendWithinWindows(1, frame(CLOSE, "\u0003\u00e8"), false);
            int answered = 0;
            for (Frame next = raw.next(1); !next.isEnd(); next = raw.next(1)) {
                answered += next.payload().length;
            }
            assertThat(answered).isLessThan(count * 127 / 10);
            assertThat(gateway.event()).isEqualTo("ended: true");
        }
    }

    @Test
    void aSocketThatFloodsAHandlerIsHeldUpByItsWindowAlone() throws Exception {
        // The server may send nothing, so that the handler stops at its first echoes and receives no more.
        try (RawHttp2 raw = new RawHttp2(gateway.port(), 0)) {
            raw.headers(1, asking("/Chat/Talk"), false);
            assertThat(raw.next(1).headers()).isNotNull();
            byte[] text = frame(TEXT, "{\"message\":{\"number\":1,\"text\":\"" + "x".repeat(4_000) + "\"}}");
            long sent = 0;
            boolean settled = false;
            while (raw.room(1) >= text.length || !settled) {
                if (raw.room(1) < text.length) {
                    raw.settle(sent);
                    settled = raw.room(1) < text.length;
                    continue;
                }
                raw.data(1, text, false);
                sent += text.length;
                settled = false;
                assertThat(sent).as("bytes that the server takes").isLessThan(12L << 20);
            }
            raw.post(3, "/Chat/Tell", "\"beside it\"");
            assertThat(gateway.event()).isEqualTo("told beside it");

            raw.write(RawHttp2.RST_STREAM, 0, 1, Unpooled.buffer().writeInt(CANCEL));
            assertThat(gateway.event()).isEqualTo("ended: true");
        }
    }
}
