package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that has begun something and does not go on is closed, whatever it has begun. */
@Timeout(60)
class BegunConnectionsTest {
    private static final String PREFACE = hex("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static final String EMPTY_SETTINGS = "000000040000000000";

    private final OpenEnds ends = new OpenEnds();
    private final Server server = ends.serve(
            EchoService.echo(),
            builder -> builder.readTimeout(Duration.ofMillis(200)).idleTimeout(Duration.ofMinutes(10)));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void readToEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[1024];
        int count = 0;
        while (count >= 0) {
            count = in.read(bytes);
        }
    }

    private void isClosedAfter(String digits) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(digits));
            readToEnd(socket);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The first bytes of a frame of TTHeader Streaming; it is to be 1,000 bytes long.
                "000003e81000000200000001",
                // The same, and more of it.
                "000003e810000002000000010010100000",
                // A unary message.
                "000003e880010001"
            })
    void aThriftFrame(String digits) throws Exception {
        isClosedAfter(digits);
    }

    @Test
    void halfAPreface() throws Exception {
        isClosedAfter(PREFACE.substring(0, 24));
    }

    @Test
    void aPrefaceWithoutSettings() throws Exception {
        isClosedAfter(PREFACE);
    }

    @Test
    void halfAnHttp2Frame() throws Exception {
        isClosedAfter(PREFACE + EMPTY_SETTINGS + "000100000100000001" + "8286");
    }

    @Test
    void oneThatIsWholeIsLeftOpen() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(PREFACE + EMPTY_SETTINGS));
            // Another that has begun later and is closed shows that the time is over.
            isClosedAfter(PREFACE);

            socket.getOutputStream().write(HexFormat.of().parseHex("000008060000000000" + "0102030405060708"));
            byte[] answers = new byte[4096];
            StringBuilder read = new StringBuilder();
            while (!read.toString().contains("0102030405060708")) {
                int count = socket.getInputStream().read(answers);
                assertThat(count).isPositive();
                read.append(HexFormat.of().formatHex(answers, 0, count));
            }
        }
    }
}
