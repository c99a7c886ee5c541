package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.StreamException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.frame.FrameType;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The names of those a cancel went through, where a reset cannot carry them. */
@Timeout(60)
class CancelPathTest {
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    @Test
    void aCancelGoesOnThoughItsPathIsTooLongToBePassedOn() throws Exception {
        CompletableFuture<StreamException> last = new CompletableFuture<>();
        Client onward = ends.connect(ends.serve(EchoService.bidi(stream -> {
            stream.sendHeader(Map.of());
            try {
                stream.recv();
            } catch (StreamException e) {
                last.complete(e);
            }
        })));
        Server server = ends.serve(EchoService.bidi(stream -> {
            try (var next = EchoService.bidi(onward)) {
                assertThat(next.header()).isEmpty();
                stream.send("ready");
                next.recv();
            }
        }));
        try (ScriptedPeer peer = ScriptedPeer.connect(new InetSocketAddress("127.0.0.1", server.port()))) {
            peer.send(Frames.open(1, "EchoService", "Bidi"));
            peer.expect(FrameType.HEADER, 1);
            peer.send(Frames.rst(1, "Bidi", 12007, "gone", "x,".repeat(32_000) + "x"));

            StreamException seen = last.get(20, TimeUnit.SECONDS);
            assertThat(seen.code()).isEqualTo(StreamException.CANCELED);
            assertThat(seen.detail()).isEqualTo("gone");
        }
    }
}
