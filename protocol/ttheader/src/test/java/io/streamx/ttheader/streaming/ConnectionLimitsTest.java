package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connection does because TTHeader has no flow control of its own and no way to say how many streams it takes. */
@Timeout(60)
class ConnectionLimitsTest {
    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    @Test
    void moreStreamsThanAllowedAreRefusedWithAnAnswer() {
        Client client = ends.connect(ends.serve(EchoService.echo(), builder -> builder.maxConcurrentStreams(2)));
        try (var first = EchoService.bidi(client);
                var second = EchoService.bidi(client);
                var third = EchoService.bidi(client)) {
            first.send("1");
            second.send("2");
            assertThatThrownBy(third::recv).hasMessageContaining("too many concurrent streams");
            assertThat(first.recv()).isEqualTo("1");
            assertThat(second.recv()).isEqualTo("2");
        }
    }

    @Test
    void unreadStreamBetweenJavaPeersHoldsUpNobodyAndLosesNothing() throws Exception {
        CountDownLatch flooded = new CountDownLatch(1);
        Server server = ends.serve(EchoService.bidi(stream -> {
            if ("flood".equals(stream.recv())) {
                String message = "x".repeat(10_000);
                for (int i = 0; i < 1000; i++) {
                    if (i == 5) {
                        flooded.countDown();
                    }
                    stream.send(message);
                }
                return;
            }
            // Anything but an order to flood is answered from the second message on.
            for (String message : stream) {
                stream.send(message);
            }
        }));
        Client client = ends.connect(
                server, builder -> builder.buffers(64 << 10, 256 << 10).stallTimeout(Duration.ofMillis(100)));
        try (var unread = EchoService.bidi(client);
                var other = EchoService.bidi(client)) {
            unread.send("flood");
            other.send("begin");
            flooded.await();
            for (int i = 0; i < 100; i++) {
                other.send("ask");
                assertThat(other.recv()).isEqualTo("ask");
            }
            assertThat(unread).hasSize(1000);
        }
    }
}
