package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.bytes;
import static io.streamx.grpc.connection.Http2Peer.join;
import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who abuses HTTP/2 loses its connection, and nobody else notices. */
@Timeout(60)
class AbuseTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int ENHANCE_YOUR_CALM = 11;

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));
    private Server server;
    private Client bystander;

    @BeforeEach
    void serve() {
        server = ends.serve(EchoService.echo(), builder -> builder.maxConcurrentStreams(100));
        bystander = ends.connect(server);
        assertThat(bystander.call(EchoService.SAY, "before", CallOptions.NONE)).isEqualTo("before");
    }

    @AfterEach
    void close() throws Exception {
        assertThat(bystander.call(EchoService.SAY, "after", CallOptions.NONE)).isEqualTo("after");
        ends.close();
    }

    interface Attack {
        void run(Http2Peer peer) throws IOException;
    }

    /** The code of the GOAWAY that ends an attack. */
    private int attack(Attack attack) throws IOException {
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            try {
                attack.run(peer);
            } catch (IOException closedUnderTheAttack) {
                // What it got before says with which code.
            }
            return peer.awaitClose();
        }
    }

    @Test
    void rapidReset() throws Exception {
        assertThat(attack(peer -> {
                    for (int id = 1; id < 40_000; id += 2) {
                        peer.headers(id, request("Bidi"), false);
                        peer.reset(id, 8);
                    }
                }))
                .isIn(ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void pingFlood() throws Exception {
        assertThat(attack(peer -> {
                    for (int i = 0; i < 4; i++) {
                        peer.ping(i, false);
                    }
                }))
                .isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void floodOfPingsThatMeasure() throws Exception {
        assertThat(attack(peer -> {
                    for (int i = 0; i < 2000; i++) {
                        peer.ping(WindowEstimator.PING, false);
                    }
                }))
                .isIn(ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void settingsFlood() throws Exception {
        assertThat(attack(peer -> {
                    for (int i = 0; i < 2000; i++) {
                        peer.settings(4, 65_535 + i);
                    }
                }))
                .isIn(ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void continuationFlood() throws Exception {
        assertThat(attack(peer -> {
                    peer.write(Frame.HEADERS, 0, 1, peer.block(1, request("Bidi")));
                    for (int i = 0; i < 10_000; i++) {
                        peer.write(Frame.CONTINUATION, 0, 1);
                    }
                }))
                .isIn(ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void floodOfEmptyData() throws Exception {
        assertThat(attack(peer -> {
                    peer.headers(1, request("Bidi"), false);
                    for (int i = 0; i < 1000; i++) {
                        peer.data(1, new byte[0], false);
                    }
                }))
                .isIn(ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void headerBomb() throws Exception {
        // One byte each that stands for a header of 4 KiB.
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            Map<String, String> head = request("Bidi");
            head.put("x", "v".repeat(3000));
            byte[] first = peer.block(1, head);
            byte[] again = new byte[10_000];
            Arrays.fill(again, (byte) (0x80 | 62));
            peer.write(Frame.HEADERS, Frame.END_HEADERS, 1, join(first, again));
            Frame answer = peer.await(frame -> frame.stream() == 1 || frame.type() == Frame.GOAWAY);
            assertThat(answer.type()).isIn(Frame.HEADERS, Frame.RST_STREAM, Frame.GOAWAY);
        }
    }

    @Test
    void oversizedFrame() throws Exception {
        assertThat(attack(peer -> {
                    peer.headers(1, request("Bidi"), false);
                    peer.data(1, new byte[16_385], false);
                }))
                .isIn(FRAME_SIZE_ERROR, -1);
    }

    @Test
    void windowOverflowOfTheConnection() throws Exception {
        assertThat(attack(peer -> {
                    peer.windowUpdate(0, Integer.MAX_VALUE);
                    peer.windowUpdate(0, Integer.MAX_VALUE);
                }))
                .isEqualTo(FLOW_CONTROL_ERROR);
    }

    @Test
    void windowOverflowOfAStream() throws Exception {
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            peer.windowUpdate(1, Integer.MAX_VALUE);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void windowUpdateOfNothingResetsTheStream() throws Exception {
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, request("Bidi"), false);
            peer.windowUpdate(1, 0);
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void dataForAStreamThatNeverWas() throws Exception {
        assertThat(attack(peer -> peer.data(7, message("x"), false))).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void evenStreamId() throws Exception {
        assertThat(attack(peer -> peer.headers(2, request("Bidi"), false))).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void streamIdThatGoesBack() throws Exception {
        assertThat(attack(peer -> {
                    peer.headers(5, request("Bidi"), false);
                    peer.headers(3, request("Bidi"), false);
                }))
                .isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void headersBehindTheEndOfARequest() throws Exception {
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            byte[] head = peer.block(1, request("Bidi"));
            peer.raw(join(
                    bytes(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, head),
                    bytes(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, peer.block(1, request("Bidi")))));
            assertThat(peer.await(Frame.RST_STREAM, 1).intAt(0)).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void garbageBehindThePreface() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(server.port())) {
            peer.preface();
            peer.raw(ByteBuffer.allocate(64).putLong(0x123456789abcdefL).array());
            peer.awaitClose();
        }
    }

    @Test
    void anHttp1RequestThatLooksLikeThePreface() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(server.port())) {
            peer.raw("PRI * HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            peer.awaitClose();
        }
    }

    @Test
    void tinyWindowsCostOnlyWhoOpensThem() throws Exception {
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.settings(4, 0);
            peer.headers(1, request("Bidi"), false);
            peer.data(1, message("hello"), false);
            byte[] wanted = message("hello");
            for (int i = 0; i < wanted.length; i++) {
                peer.windowUpdate(1, 1);
                assertThat(peer.await(Frame.DATA, 1).payload()).containsExactly(wanted[i]);
            }
        }
    }

    @Test
    void manyFramesInOnePacketAreReadOneByOne() throws Exception {
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            byte[] head = peer.block(1, request("Bidi"));
            peer.raw(join(
                    bytes(Frame.HEADERS, Frame.END_HEADERS, 1, head),
                    bytes(Frame.DATA, 0, 1, message("a")),
                    bytes(Frame.DATA, Frame.END_STREAM, 1, message("b"))));
            peer.await(frame -> frame.type() == Frame.HEADERS && frame.endsStream());
        }
    }
}
