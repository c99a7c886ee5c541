package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in the log of a server about peers that send what is no request. */
@Timeout(60)
class RefusalLogTest {
    private final PrintStream console = System.out;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void keepTheLog() {
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveTheConsoleBack() {
        System.setOut(console);
    }

    private static Server serve() {
        return Server.builder()
                .port(0)
                .readTimeout(Duration.ofMillis(500))
                .service(Echo.bind(new ObedientHandler()))
                .start();
    }

    private List<String> refusals() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("refused"))
                .toList();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("another protocol", "474554202f204854", "first bytes 474554202f204854"),
                Arguments.of("a beginning and no more", "80010001", "first bytes 80010001 and no more within 500 ms"),
                Arguments.of(
                        "a message that does not end",
                        "00000021800100010000",
                        "not whole after 500 ms; first bytes 00000021800100010000"),
                Arguments.of(
                        "a frame too short to be a message",
                        "0000000580010001",
                        "frame of 5 bytes, which is no message; first bytes 0000000580010001"),
                Arguments.of(
                        "a TTHeader that is none",
                        "0000001010000000000000010001ff00800100010000",
                        "first bytes: 0000001010000000"),
                Arguments.of("a reply", "0000000e80010002000000015300000001" + "00", "message type 2 as a request"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void aRefusedPeerIsOneLineWithItsAddressItsFirstBytesAndWhatWasExpected(String name, String hex, String what)
            throws IOException {
        try (Server server = serve();
                RawPeer peer = RawPeer.connect(server.port())) {
            InetSocketAddress self = (InetSocketAddress) peer.socket().getLocalSocketAddress();
            assertThat(peer.send(hex).isEnded()).isTrue();

            // A server of another test may still have something to say.
            assertThat(refusals())
                    .filteredOn(line -> line.contains("connection from /127.0.0.1:" + self.getPort() + " refused: "))
                    .singleElement()
                    .asString()
                    .contains(what)
                    .contains("(expected: ")
                    .contains("a strict Thrift message");
            assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("\tat ");
        }
    }

    @Test
    void manyAreOneLineASecond() throws IOException {
        try (Server server = serve()) {
            for (int i = 0; i < 100; i++) {
                try (RawPeer peer = RawPeer.connect(server.port())) {
                    assertThat(peer.send("474554202f204854").isEnded()).isTrue();
                }
            }

            assertThat(refusals()).hasSizeBetween(1, 50);
        }
    }
}
