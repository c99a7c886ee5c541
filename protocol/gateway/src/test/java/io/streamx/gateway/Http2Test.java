package io.streamx.gateway;

import static io.streamx.gateway.RawHttp2.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.gateway.RawHttp2.Response;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway over HTTP/2, frame by frame, with prior knowledge. */
class Http2Test {
    private static final String EVENTS = "text/event-stream";

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
        gateway.chat.pace.drainPermits();
        gateway.chat.sent.set(0);
    }

    static byte[] envelope(int flags, String text) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf envelope =
                Unpooled.buffer().writeByte(flags).writeInt(message.length).writeBytes(message);
        byte[] bytes = new byte[envelope.readableBytes()];
        envelope.readBytes(bytes);
        return bytes;
    }

    @Test
    void jsonAndGrpcShareAConnection() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            raw.post(1, "/Chat/Ask", "{\"text\":\"a\"}");
            raw.headers(
                    3,
                    head("POST", "/Chat/Nothing", "content-type", "application/grpc+thrift", "te", "trailers"),
                    false);
            // A struct of Thrift without fields, behind the prefix of a message.
            raw.data(3, new byte[] {0, 0, 0, 0, 1, 0}, true);
            raw.post(5, "/Chat/Ask", "{\"text\":\"b\"}");

            Response first = raw.response(1);
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.headers().get("content-type")).asString().isEqualTo("application/json");
            assertThat(first.headers().get("x-content-type-options")).asString().isEqualTo("nosniff");
            assertThat(first.body()).isEqualTo("{\"text\":\"you asked: a\",\"id\":\"0\"}");
            Http2Headers grpc = raw.next(3).headers();
            assertThat(grpc).isNotNull();
            assertThat(grpc.get("content-type")).asString().startsWith("application/grpc");
            assertThat(raw.response(5).body()).contains("you asked: b");
        }
    }

    @Test
    void aTokenIsReadBeforeTheNextOneIsMadeAndAResetEndsTheHandlerAlone() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            raw.post(1, "/Chat/Tokens", "{\"text\":\"paced\"}", "accept", EVENTS);
            assertThat(gateway.event()).isEqualTo("streaming from 0");
            for (int i = 1; i <= 3; i++) {
                gateway.chat.pace.release();

                assertThat(raw.readUntil(1, "\n\n")).contains("token " + i).contains("id: " + i);
            }
            long left = System.nanoTime();
            raw.reset(1);

            assertThat(gateway.event()).isEqualTo("ended: true");
            System.out.println("the handler ended "
                    + Duration.ofNanos(System.nanoTime() - left).toMillis() + " ms after RST_STREAM");
            raw.post(3, "/Chat/Ask", "{\"text\":\"still there\"}");
            assertThat(raw.response(3).body()).contains("still there");
        }
    }

    @Test
    void aReaderWithoutWindowHoldsItsHandlerAndNobodyElse() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port(), 64 << 10)) {
            raw.post(1, "/Chat/Tokens", "{\"text\":\"endless\"}");
            assertThat(gateway.event()).isEqualTo("streaming from 0");
            long seen = -1;
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (seen != gateway.chat.sent.get() && System.nanoTime() < deadline) {
                seen = gateway.chat.sent.get();
                assertThat(gateway.chat.events.poll(500, TimeUnit.MILLISECONDS)).isNull();
            }
            // 8 KiB each: the window of the stream, and what may wait of it in memory.
            assertThat(gateway.chat.sent.get()).isLessThan(100);
            raw.post(3, "/Chat/Ask", "{\"text\":\"b\"}");
            assertThat(raw.response(3).body()).contains("you asked: b");

            raw.window(1, 4 << 20);
            assertThat(raw.readUntil(1, "\"number\":" + (seen + 10) + ",")).contains("\"number\":" + seen + ",");
            raw.reset(1);
            assertThat(gateway.event()).isEqualTo("ended: true");
        }
    }

    @Test
    void aTalkGoesBothWaysAtOnce() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            raw.headers(1, head("POST", "/Chat/Talk", "content-type", "application/connect+json"), false);
            for (int i = 1; i <= 3; i++) {
                raw.data(1, envelope(0, "{\"number\":" + i + ",\"text\":\"t\"}"), false);

                assertThat(raw.readUntil(1, "\"number\":" + i)).contains("\"text\":\"t\"");
            }
            raw.data(1, new byte[0], true);

            assertThat(raw.readUntil(1, "{}")).endsWith("{}");
            assertThat(gateway.event()).isEqualTo("talked");
        }
    }

    @Test
    void bytesThatTheHandlerDoesNotTakeAreNotSentBeyondTheWindow() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port(), 0)) {
            // The handler's answers have no window, so it receives no more than those that it could not send.
            raw.headers(1, head("POST", "/Chat/Talk", "content-type", "application/connect+json"), false);
            byte[] message = envelope(0, "{\"number\":1,\"text\":\"" + "x".repeat(16_000 - 40) + "\"}");
            long sent = 0;
            for (int round = 0; raw.room(1) >= message.length; round++) {
                raw.data(1, message, false);
                sent += message.length;
                raw.settle(round);
            }
            assertThat(sent).isBetween(100L << 10, 4L << 20);
            raw.reset(1);
            assertThat(gateway.event()).isEqualTo("ended: true");
        }
    }

    @Test
    void aBodyThatIsLargerThanTheWindowComesWhole() throws Exception {
        String text = "x".repeat(3 << 20);
        byte[] body = ("{\"text\":\"" + text + "\"}").getBytes(StandardCharsets.US_ASCII);
        try (RawHttp2 raw = new RawHttp2(gateway.port(), RawHttp2.LARGEST_WINDOW)) {
            raw.headers(1, head("POST", "/Chat/Ask", "content-type", "application/json"), false);
            raw.sendWithinWindows(1, body);

            Response response = raw.response(1);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).hasSizeGreaterThan(3 << 20).endsWith("\",\"id\":\"0\"}");
        }
    }

    @Test
    void aBodyThatIsLargerThanAllowedIsRefused() throws Exception {
        try (GatewayServer small = new GatewayServer(options -> options.maxRequestBytes(1000), server -> server);
                RawHttp2 raw = new RawHttp2(small.port())) {
            raw.headers(1, head("POST", "/Chat/Ask", "content-type", "application/json"), false);
            raw.data(1, " ".repeat(1001), false);
            raw.headers(
                    3, head("POST", "/Chat/Ask", "content-type", "application/json", "content-length", "1001"), false);

            assertThat(raw.response(1).status()).isEqualTo(413);
            assertThat(raw.response(3).status()).isEqualTo(413);
            // Nobody reads the rest, and whoever sends it is told so.
            assertThat(raw.next(1).type()).isEqualTo(RawHttp2.RST_STREAM);
            raw.post(5, "/Chat/Ask", "{\"text\":\"b\"}");
            assertThat(raw.response(5).body()).contains("you asked: b");
        }
    }

    @Test
    void aSlowBodyIsGivenUpAndTheConnectionGoesOn() throws Exception {
        try (GatewayServer hasty =
                        new GatewayServer(options -> options, server -> server.readTimeout(Duration.ofMillis(200)));
                RawHttp2 raw = new RawHttp2(hasty.port())) {
            raw.headers(1, head("POST", "/Chat/Ask", "content-type", "application/json"), false);
            raw.headers(3, head("POST", "/Chat/Talk", "content-type", "application/connect+json"), false);
            raw.data(3, new byte[] {0, 0, 0}, false);
            raw.headers(5, head("POST", "/Chat/Talk", "content-type", "application/connect+json"), false);

            assertThat(raw.response(1).status()).isEqualTo(408);
            assertThat(raw.response(3).body()).contains("deadline_exceeded").contains("not whole within 200 ms");
            // A stream between two messages has all the time it wants.
            raw.data(5, envelope(0, "{\"number\":1,\"text\":\"t\"}"), true);
            assertThat(raw.response(5).body()).contains("\"number\":1");
        }
    }

    @Test
    void whatIsNoRequestOfTheGatewayIsRefused() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            raw.headers(1, head("GET", "/"), true);
            raw.post(3, "/Chat/Ask", "{\"text\":\"a\"}", "origin", "https://evil.example");
            raw.headers(5, head("POST", "/Chat/Ask", "content-type", "text/plain"), true);
            raw.headers(7, head("DELETE", "/Chat/Ask"), true);
            raw.headers(9, head("HEAD", "/Chat/Ask"), true);
            raw.headers(11, head("GET", "/" + "x".repeat(17 << 10)), true);
            raw.headers(13, head("GET", "/Chat/Ask", "x", "x".repeat(17 << 10)), true);
            raw.post(15, "/Chat/Ask", "{}", "host", "elsewhere");
            raw.post(17, "/Chat/Ask", "{}", "content-length", "x");

            assertThat(raw.response(1).status()).isEqualTo(404);
            assertThat(raw.response(3).status()).isEqualTo(403);
            assertThat(raw.response(5).status()).isEqualTo(415);
            assertThat(raw.response(7).status()).isEqualTo(405);
            assertThat(raw.response(9).body()).isEmpty();
            assertThat(raw.response(11).status()).isEqualTo(414);
            assertThat(raw.response(13).status()).isEqualTo(431);
            assertThat(raw.response(15).status()).isEqualTo(400);
            assertThat(raw.next(17).type()).isIn(RawHttp2.RST_STREAM, RawHttp2.HEADERS);
            raw.post(19, "/Chat/Ask", "{\"text\":\"b\"}");
            assertThat(raw.response(19).body()).contains("you asked: b");
        }
    }

    @Test
    void whatHttp2DoesNotHaveIsReset() throws Exception {
        for (String[] header : new String[][] {
            {"connection", "keep-alive"}, {"transfer-encoding", "chunked"}, {"upgrade", "websocket"}, {"Upper", "x"}
        }) {
            try (RawHttp2 raw = new RawHttp2(gateway.port())) {
                raw.headers(1, head("GET", "/Chat/Ask", header), true);

                assertThat(raw.next(1).type()).as(header[0]).isEqualTo(RawHttp2.RST_STREAM);
            }
        }
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            Http2Headers two = head("GET", "/Chat/Ask").add(":path", "/Chat/Tell");
            raw.headers(1, two, true);
            assertThat(raw.next(1).type()).isEqualTo(RawHttp2.RST_STREAM);
        }
    }

    @Test
    void requestsThatAreOpenedAndResetInAFloodCostTheConnection() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            assertThatThrownBy(() -> {
                        for (int stream = 1; stream < 100_000; stream += 2) {
                            raw.headers(stream, head("POST", "/Chat/Ask", "content-type", "application/json"), false);
                            raw.reset(stream);
                        }
                        raw.await(frame -> false);
                    })
                    .isInstanceOf(java.io.IOException.class);
        }
        assertThat(gateway.post("/Chat/Ask", "{\"text\":\"b\"}").body()).contains("you asked: b");
    }

    @Test
    void aServerThatClosesLetsItsStreamsEnd() throws Exception {
        GatewayServer closing = new GatewayServer(
                options -> options,
                server -> server.shutdownWindow(Duration.ofSeconds(GatewayServer.PATIENCE_SECONDS)));
        try (closing;
                RawHttp2 raw = new RawHttp2(closing.port())) {
            raw.post(1, "/Chat/Wait", "\"x\"");
            assertThat(closing.event()).isEqualTo("waiting");
            Thread close = Thread.ofVirtual().start(closing.server::close);
            assertThat(raw.await(frame -> frame.type() == RawHttp2.GOAWAY).payload())
                    .isNotEmpty();
            raw.await(frame -> frame.type() == RawHttp2.GOAWAY);
            closing.chat.released.countDown();

            assertThat(raw.response(1).body()).contains("released");
            assertThatThrownBy(() -> raw.await(frame -> false)).isInstanceOf(EOFException.class);
            close.join();
        }
    }

    @Test
    void bodiesThatDoNotEndAreHeldWithinTheLimitOfAConnection() throws Exception {
        try (RawHttp2 raw = new RawHttp2(gateway.port())) {
            long sent = raw.flood(100, head("POST", "/Chat/Ask", "content-type", "application/json"));

            // The 8 MiB of a connection, one body of 16 MiB at a time, and what was under way when the windows became
            // narrow.
            assertThat(sent).isBetween(8L << 20, 40L << 20);
        }
        assertThat(gateway.post("/Chat/Ask", "{\"text\":\"b\"}").body()).contains("you asked: b");
    }

    @Test
    void whatWasGivenUpIsNotHeldForACallerThatDoesNotTakeTheAnswer() throws Exception {
        Http2Headers[] heads = {
            head("POST", "/Chat/Ask", "content-type", "application/json", "connect-timeout-ms", "300"),
            head("POST", "/Chat/Tokens", "content-type", "application/json", "connect-timeout-ms", "300")
        };
        // Without a window the answers stay at the server.
        try (RawHttp2 raw = new RawHttp2(gateway.port(), 0)) {
            long before = usedBytes();
            int stream = 1;
            for (int batch = 0; batch < 10; batch++) {
                int first = stream;
                for (int i = 0; i < 30; i++, stream += 2) {
                    raw.headers(stream, heads[i % 2], false);
                    raw.sendWithinWindows(stream, new byte[200 << 10], false);
                }
                for (int answered = first; answered < stream; answered += 2) {
                    assertThat(raw.next(answered).type()).isEqualTo(RawHttp2.HEADERS);
                }
            }

            // The 300 bodies have taken 60 MB and more.
            assertThat(usedBytes() - before).isLessThan(20 << 20);
            raw.headers(stream, head("POST", "/Chat/Ask", "content-type", "application/json"), false);
            raw.window(stream, 1 << 20);
            raw.data(stream, "{\"text\":\"b\"}", true);
            assertThat(raw.response(stream).body()).contains("you asked: b");
        }
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
