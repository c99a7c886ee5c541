package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.Mutations;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mutations of requests over HTTP/1 and of what they carry: JSON, envelopes of Connect, gRPC-Web as bytes and as text, frames of
 * WebSockets. Whatever comes, the server answers or closes, and goes on to serve others.
 */
@Timeout(7200)
class MutatedRequestsTest {
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String JSON = "{\"text\":\"hello \\u00e9\",\"id\":3,\"number\":4}";

    /** What is mutated: {@code head} stands before it as it is. */
    private record Target(String head, List<byte[]> bodies) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] envelope(int flags, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flags)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static byte[] masked(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(6 + payload.length)
                .put((byte) (0x80 | opcode))
                .put((byte) (0x80 | payload.length))
                .putInt(0x01020304);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (i % 4 + 1)));
        }
        return frame.array();
    }

    private static String post(String path, String type) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: " + type + "\r\n";
    }

    private static List<byte[]> requests() {
        byte[] two = joined(envelope(0, bytes(JSON)), envelope(0, bytes(JSON)));
        byte[] text = Base64.getEncoder().encode(two);
        return List.of(
                request(post("/Chat/Ask", "application/json"), bytes(JSON)),
                request(post("/Chat/Collect", "application/x-ndjson"), bytes(JSON + "\n" + JSON + "\n")),
                request(post("/Chat/Talk", "application/connect+json"), two),
                request(post("/Chat/Talk", "application/grpc-web"), two),
                request(post("/Chat/Talk", "application/grpc-web-text"), text));
    }

    private static byte[] request(String head, byte[] body) {
        return joined(bytes(head + "Content-Length: " + body.length + "\r\n\r\n"), body);
    }

    @Test
    void requestsAsTheyAre() throws Exception {
        try (GatewayServer gateway = shortOfPatience()) {
            Mutations mutations = new Mutations(requests());
            assertThat(mutations.run(request -> exchange(gateway, request))).isPositive();
            assertServes(gateway);
        }
    }

    @Test
    void bodiesBehindCorrectHeads() throws Exception {
        byte[] two = joined(envelope(0, bytes(JSON)), envelope(0, bytes(JSON)));
        List<Target> targets = List.of(
                new Target(post("/Chat/Ask", "application/json"), List.of(bytes(JSON), bytes("{}"), bytes("[" + JSON))),
                new Target(post("/Chat/Talk", "application/connect+json"), List.of(two)),
                new Target(post("/acme.types.v1.Types/Nobody", "application/connect+proto"), List.of(two)),
                new Target(post("/Chat/Talk", "application/grpc-web"), List.of(two)),
                new Target(
                        post("/acme.types.v1.Types/Nobody", "application/grpc-web-text"),
                        List.of(Base64.getEncoder().encode(two))));
        try (GatewayServer gateway = shortOfPatience()) {
            for (Target target : targets) {
                Mutations mutations = new Mutations(target.bodies());
                assertThat(mutations.runFor(
                                Mutations.time().dividedBy(targets.size()),
                                body -> exchange(gateway, request(target.head(), body))))
                        .isPositive();
            }
            assertServes(gateway);
        }
    }

    @Test
    void framesOfWebSockets() throws Exception {
        byte[] handshake = bytes("GET /Chat/Talk HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        byte[] text = masked(1, bytes(JSON));
        byte[] close = masked(8, new byte[] {3, (byte) 0xe8});
        try (GatewayServer gateway = shortOfPatience()) {
            Mutations mutations =
                    new Mutations(List.of(joined(text, close), joined(masked(9, bytes("ping")), joined(text, close))));
            assertThat(mutations.run(frames -> exchange(gateway, joined(handshake, frames))))
                    .isPositive();
            assertServes(gateway);
        }
    }

    private static GatewayServer shortOfPatience() {
        return new GatewayServer(options -> options, server -> server.readTimeout(Duration.ofSeconds(1)));
    }

    /** The server answers, or closes; it never keeps a peer waiting that has ended its half. */
    private static void exchange(GatewayServer gateway, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().transferTo(OutputStream.nullOutputStream()))
                    .isLessThan(1 << 20);
        } catch (SocketTimeoutException held) {
            throw held;
        } catch (IOException closed) {
            // The server has closed the connection.
        }
    }

    private static void assertServes(GatewayServer gateway) throws Exception {
        assertThat(gateway.post("/Chat/Ask", "{\"text\":\"fine\"}").statusCode())
                .isEqualTo(200);
    }
}
