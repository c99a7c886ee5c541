package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.ttheader.Frames;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that goes on opening streams and never reads is cut off: what it is answered does not pile up. */
@Timeout(60)
class UnreadAnswersTest {
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private interface Opening {
        byte[] frames(int id);
    }

    /** Sends until the server has ended the connection; the test's own limit of time ends one that does not. */
    private static void openWithoutReading(Server server, Opening opening) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(16 << 10);
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            OutputStream out = socket.getOutputStream();
            int id = 0;
            try {
                while (true) {
                    out.write(opening.frames(++id));
                }
            } catch (IOException ended) {
                // As it should be.
            }
            assertThat(id).isGreaterThan(10);
        }
    }

    @Test
    void ofStreamsThatAreRefused() throws Exception {
        Server server = ends.serve(EchoService.echo());
        String method = "m".repeat(30_000);

        openWithoutReading(server, id -> Frames.open(id, "EchoService", method));
    }

    @Test
    void ofStreamsThatEnd() throws Exception {
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    throw new IllegalStateException("x".repeat(1000));
                }),
                builder -> builder.maxConcurrentStreams(500));

        openWithoutReading(server, id -> Frames.open(id, "EchoService", "Bidi"));
    }

    @Test
    void ofStreamsThatAreOpenedAndReset() throws Exception {
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    String message = "x".repeat(100_000);
                    while (true) {
                        stream.send(message);
                    }
                }),
                builder -> builder.maxConcurrentStreams(500));

        openWithoutReading(server, id -> {
            byte[] open = Frames.open(id, "EchoService", "Bidi");
            byte[] reset = Frames.rst(id, "Bidi", 12007, "enough", "");
            byte[] both = java.util.Arrays.copyOf(open, open.length + reset.length);
            // The first streams fill the network; the others come and go.
            System.arraycopy(reset, 0, both, open.length, reset.length);
            return id <= 20 ? open : both;
        });
    }
}
