package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.server.Server;
import io.streamx.ttheader.unary.Echo.Text;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShutdownTest {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CompletableFuture<String> interrupted = new CompletableFuture<>();

    private final Echo.Handler handler = new Echo.Handler() {
        @Override
        public Text say(Text text) throws Exception {
            if (text.value().equals("wait")) {
                running.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    interrupted.complete(String.valueOf(CallContext.current().cancellation()));
                    throw e;
                }
            }
            return text;
        }
    };

    private Server serve(Duration window) {
        return Server.builder()
                .port(0)
                .service(Echo.bind(handler))
                .shutdownWindow(window)
                .start();
    }

    @Test
    void aConnectionWithoutACallIsClosed() throws Exception {
        try (Server server = serve(Duration.ofSeconds(50));
                RawPeer peer = RawPeer.connect(server.port())) {
            assertThat(peer.send(RawPeer.say("hello", 1)).receive().said()).isEqualTo("hello");

            server.close();

            assertThat(peer.isEnded()).isTrue();
        }
    }

    @Test
    void aCallThatRunsIsFinishedAndAnsweredBeforeTheConnectionCloses() throws Exception {
        try (Server server = serve(Duration.ofSeconds(50));
                RawPeer idle = RawPeer.connect(server.port());
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request(PingPong.TTHEADER, 0, Map.of(), Map.of(), "Say", "wait", 1));
            running.await();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
            // The first to learn that the server is closing.
            assertThat(idle.isEnded()).isTrue();
            assertThat(closed).isNotDone();
            release.countDown();

            RawPeer.Received reply = peer.receive(PingPong.TTHEADER);
            assertThat(reply.said()).isEqualTo("wait");
            assertThat(reply.strings()).containsEntry("crrst", "1");
            assertThat(peer.isEnded()).isTrue();
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRequestThatComesAfterTheServerBeganToCloseIsAnsweredWithTheWordNotToUseTheConnectionAgain() throws Exception {
        byte[] request = RawPeer.request(PingPong.TTHEADER, 0, Map.of(), Map.of(), "Say", "hello", 1);
        try (Server server = serve(Duration.ofSeconds(50));
                RawPeer peer = RawPeer.connect(server.port());
                RawPeer idle = RawPeer.connect(server.port());
                RawPeer other = RawPeer.connect(server.port())) {
            peer.send(RawPeer.say("known", 1)).receive();
            peer.send(request, 0, 20);
            other.send(RawPeer.say("wait", 1));
            running.await();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
            // The first to learn that the server is closing.
            assertThat(idle.isEnded()).isTrue();
            peer.send(request, 20, request.length);

            RawPeer.Received reply = peer.receive(PingPong.TTHEADER);
            assertThat(reply.said()).isEqualTo("hello");
            assertThat(reply.strings()).containsEntry("crrst", "1");
            assertThat(peer.isEnded()).isTrue();
            release.countDown();
            assertThat(other.receive().said()).isEqualTo("wait");
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aCallThatOutlastsTheWindowIsCancelledAndInterrupted() throws Exception {
        try (Server server = serve(Duration.ofMillis(100));
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.say("wait", 1));
            running.await();

            server.close();

            assertThat(peer.isEnded()).isTrue();
            assertThat(interrupted.get(20, TimeUnit.SECONDS)).contains("was closed");
        }
    }
}
