package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.frame.StringKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for a peer that grants nothing, or reads nothing, is given up when the setting sendTimeout has passed. */
@Timeout(60)
class UntakenEndsTest {
    private static final Duration SEND_TIMEOUT = Duration.ofMillis(400);

    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static Socket connect(Server server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void aStreamWhoseCallerGrantsNothingForItsLastMessagesEndsWithAnError() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    for (int i = 0; i < 10; i++) {
                        stream.send("m".repeat(2_000));
                    }
                    returned.countDown();
                }),
                builder -> builder.sendTimeout(SEND_TIMEOUT));
        try (Socket socket = connect(server)) {
            OutputStream out = socket.getOutputStream();
            out.write(Frames.header(
                    1, "Bidi", Map.of(StringKey.IDL_SERVICE_NAME, "EchoService", StreamCredit.KEY, "4096")));
            assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(readUntil(socket.getInputStream(), "stream Send timeout"))
                    .isTrue();
            // The connection goes on.
            out.write(Frames.header(
                    3, "Bidi", Map.of(StringKey.IDL_SERVICE_NAME, "EchoService", StreamCredit.KEY, "4096")));
            assertThat(readUntil(socket.getInputStream(), "stream Send timeout"))
                    .isTrue();
        }
    }

    /** Whether a text comes; the socket's own limit ends the wait. */
    private static boolean readUntil(InputStream in, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            seen.append((char) next);
            if (seen.length() >= text.length() && seen.indexOf(text, seen.length() - text.length()) >= 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aConnectionThatTakesNothingOfAReplyIsClosed() throws Exception {
        Server server = ends.serve(
                EchoService.with(stream -> {}, text -> "r".repeat(12 << 20)),
                builder -> builder.sendTimeout(SEND_TIMEOUT));
        try (Socket socket = connect(server)) {
            byte[] args = Frames.struct("x");
            byte[] name = "Say".getBytes(StandardCharsets.US_ASCII);
            ByteBuffer call = ByteBuffer.allocate(4 + 4 + 4 + 3 + 4 + args.length)
                    .putInt(4 + 4 + 3 + 4 + args.length)
                    .putInt(0x80010001)
                    .putInt(name.length)
                    .put(name)
                    .putInt(1)
                    .put(args);
            OutputStream out = socket.getOutputStream();
            out.write(call.array());
            // A connection that is closed takes no bytes any more, which shows without reading.
            long sent = 0;
            try {
                while (true) {
                    out.write(call.array());
                    sent++;
                }
            } catch (IOException closed) {
                assertThat(sent).isPositive();
            }
        }
        assertThat(ends.connect(server).call(EchoService.SAY, "x", CallOptions.NONE))
                .hasSize(12 << 20);
    }
}
