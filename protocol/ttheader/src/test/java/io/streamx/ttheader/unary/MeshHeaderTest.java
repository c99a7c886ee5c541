package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.server.Server;
import io.streamx.ttheader.unary.Echo.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as the service meshes of former days sent them. */
@Timeout(60)
class MeshHeaderTest {
    /** {@code RPC_PERSIST_p} = {@code 1}, {@code isn} = {@code Echo}. */
    private static final String ENTRIES =
            "0002" + "000d" + hex("RPC_PERSIST_p") + "0001" + hex("1") + "0003" + hex("isn") + "0004" + hex("Echo");

    private static final String HEADER = header(ENTRIES);

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String header(String entries) {
        return "ffaf%04x".formatted(entries.length() / 2) + entries;
    }

    private static Server serve() {
        return Server.builder()
                .port(0)
                .readTimeout(Duration.ofSeconds(1))
                .service(Echo.bind(new Echo.Handler() {
                    @Override
                    public Text say(Text text) {
                        return new Text(
                                text.value() + " " + CallContext.current().persistents());
                    }
                }))
                .start();
    }

    private static byte[] request(PingPong carrier, int seqId) {
        return RawPeer.request(carrier, 0, Map.of(), Map.of(), "Say", "hello", seqId);
    }

    @ParameterizedTest
    @EnumSource(
            value = PingPong.class,
            names = {"FRAMED", "BUFFERED"})
    void itsEntriesBelongToTheMessageBehindItAndTheReplyHasNone(PingPong carrier) throws IOException {
        try (Server server = serve();
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(HEADER).send(request(carrier, 1));
            assertThat(peer.receive(carrier).said()).isEqualTo("hello {p=1}");
            // The next message on the connection may have none.
            peer.send(request(carrier, 2));
            assertThat(peer.receive(carrier).said()).isEqualTo("hello {}");
            peer.send(HEADER).send(request(carrier, 3));
            assertThat(peer.receive(carrier).said()).isEqualTo("hello {p=1}");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PingPong.class,
            names = {"FRAMED", "BUFFERED"})
    void itMayComeByteByByte(PingPong carrier) throws IOException {
        byte[] request = request(carrier, 1);
        byte[] header = HexFormat.of().parseHex(HEADER);
        try (Server server = serve();
                RawPeer peer = RawPeer.connect(server.port())) {
            for (int i = 0; i < header.length; i++) {
                peer.send(header, i, i + 1);
            }
            for (int i = 0; i < request.length; i++) {
                peer.send(request, i, i + 1);
            }

            assertThat(peer.receive(carrier).said()).isEqualTo("hello {p=1}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0001", "00010003", "000100036973", "0001000369736e", "0001000369736e0004"})
    void anEntryThatReachesBeyondItEndsTheConnection(String entries) throws IOException {
        try (Server server = serve();
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(header(entries)).send(request(PingPong.FRAMED, 1));

            assertThat(peer.isEnded()).isTrue();
        }
    }

    @Test
    void aFurtherHeaderBehindItEndsTheConnection() throws IOException {
        try (Server server = serve();
                RawPeer twice = RawPeer.connect(server.port());
                RawPeer withTTHeader = RawPeer.connect(server.port())) {
            twice.send(HEADER).send(HEADER).send(request(PingPong.FRAMED, 1));
            withTTHeader.send(HEADER).send(request(PingPong.TTHEADER, 1));

            assertThat(twice.isEnded()).isTrue();
            assertThat(withTTHeader.isEnded()).isTrue();
        }
    }

    @Test
    void oneWithoutAMessageIsCutOff() throws IOException {
        try (Server server = serve();
                RawPeer peer = RawPeer.connect(server.port())) {
            assertThat(peer.send(HEADER).isEnded()).isTrue();
        }
    }
}
