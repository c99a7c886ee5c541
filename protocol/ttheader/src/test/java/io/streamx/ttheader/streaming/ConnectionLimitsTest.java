package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    void unreadStreamIsEndedWhenItHoldsUpOneThatWaits() throws Exception {
        Server server = ends.serve(EchoService.bidi(stream -> {
            if ("flood".equals(stream.recv())) {
                String message = "x".repeat(10_000);
                while (true) {
                    stream.send(message);
                }
            }
            stream.send(String.valueOf(stream.recv()));
        }));
        Client client = ends.connect(
                server, builder -> builder.buffers(64 << 10, 256 << 10).stallTimeout(Duration.ofMillis(100)));
        try (var waiting = EchoService.bidi(client);
                var unread = EchoService.bidi(client)) {
            waiting.send("ask");
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(waiting::recv, Thread::startVirtualThread);
            unread.send("flood");

            // Its trailer is known when it ends, which nobody but the stalled connection causes.
            assertThatThrownBy(unread::trailer).hasMessageContaining("unread bytes");
            assertThatThrownBy(() -> {
                        while (true) {
                            unread.recv();
                        }
                    })
                    .hasMessageContaining("unread bytes");

            waiting.send("answer");
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("answer");
        }
    }
}
