package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.DecodedFrame;
import io.streamx.ttheader.frame.FrameType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A stream that nobody reads, from peers that know no credit: it holds up neither the other streams of its connection nor
 * what ends itself.
 */
@Timeout(60)
class HeldUpConnectionsTest {
    private static final int LIMIT_BYTES = 64 << 10;
    /**
     * More than the limit, and well within the reserve of a fourth: a message counts with its overhead, and one that came in
     * pieces with the array it was gathered in, which is larger than the message.
     */
    private static final int WITHIN_RESERVE_BYTES = LIMIT_BYTES + LIMIT_BYTES / 16;

    /** As long as the array that a frame of it is gathered in: it counts about as much whether it came in pieces or not. */
    private static final String MESSAGE = "x".repeat(2970);

    private static final Duration STALL = Duration.ofMillis(200);
    private static final Duration NEVER = Duration.ofMinutes(10);

    private final OpenEnds ends = new OpenEnds();
    /** Completed with what ended the context of the handler that does not read. */
    private final CompletableFuture<Throwable> deafEnd = new CompletableFuture<>();

    private final CountDownLatch deafRuns = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    /** Its first message says what a stream's handler does. */
    private ScriptedPeer connect(Duration stallTimeout) {
        Server server = ends.serve(
                EchoService.bidi(this::handle),
                builder -> builder.buffers(LIMIT_BYTES, LIMIT_BYTES).stallTimeout(stallTimeout));
        return ends.add(ScriptedPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
    }

    private void handle(BidiStreamingServer<String, String> stream) throws Exception {
        if (!"do not read".equals(stream.recv())) {
            stream.send("fine");
            return;
        }
        CallContext context = CallContext.current();
        try (CallContext.Registration end = context.onCancel(() -> deafEnd.complete(context.cancellation()))) {
            deafRuns.countDown();
            new CountDownLatch(1).await();
        }
    }

    private void openDeaf(ScriptedPeer peer, int id) throws InterruptedException {
        peer.send(Frames.open(id, "EchoService", "Bidi"), data(id, "do not read"));
        deafRuns.await();
    }

    private static byte[] data(int id, String message) {
        return Frames.data(id, "Bidi", EchoService.encoded(message));
    }

    private static void flood(ScriptedPeer peer, int id, int bytes) {
        byte[][] frames = new byte[bytes / MESSAGE.length()][];
        Arrays.fill(frames, data(id, MESSAGE));
        peer.send(frames);
    }

    @Test
    void aNewStreamBehindOneThatNobodyReadsIsServedAndTheOtherEndedWithAnErrorOnBothSides() throws Exception {
        ScriptedPeer peer = connect(STALL);
        openDeaf(peer, 1);
        flood(peer, 1, 8 * LIMIT_BYTES);

        peer.send(Frames.open(2, "EchoService", "Bidi"), data(2, "ask"));

        peer.expect(FrameType.HEADER, 1);
        DecodedFrame trailer = peer.expect(FrameType.TRAILER, 1);
        assertThat(new String(trailer.payload(), StandardCharsets.UTF_8)).contains("unread bytes");
        peer.expect(FrameType.HEADER, 2);
        peer.expect(FrameType.DATA, 2);
        assertThat(deafEnd.get(20, TimeUnit.SECONDS)).hasMessageContaining("unread bytes");
    }

    @Test
    void aCancelWithinTheReserveIsSeenAtOnce() throws Exception {
        ScriptedPeer peer = connect(NEVER);
        openDeaf(peer, 1);
        flood(peer, 1, WITHIN_RESERVE_BYTES);

        peer.send(Frames.rst(1, "Bidi", 12007, "enough", ""));

        assertThat(deafEnd.get(20, TimeUnit.SECONDS)).hasMessageContaining("enough");
    }

    @Test
    void theEndOfTheConnectionWithinTheReserveIsSeenAtOnce() throws Exception {
        ScriptedPeer peer = connect(NEVER);
        openDeaf(peer, 1);
        flood(peer, 1, WITHIN_RESERVE_BYTES);

        peer.hangUp();

        assertThat(deafEnd.get(20, TimeUnit.SECONDS)).hasMessageContaining("connection closed");
    }

    @Test
    void theEndOfTheConnectionBehindAllMessagesIsSeenAfterTheStallTimeout() throws Exception {
        ScriptedPeer peer = connect(STALL);
        openDeaf(peer, 1);
        flood(peer, 1, 8 * LIMIT_BYTES);

        peer.hangUp();

        assertThat(deafEnd.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aCallerThatWaitsForAHeaderIsNotHeldUpByAStreamThatIsReadSlowly() throws Exception {
        waitBesideASlowReader(
                BidiStreamingClient::header, (peer, id) -> peer.send(Frames.header(id, "Bidi", Map.of())));
    }

    @Test
    void aCallerThatWaitsForATrailerIsNotHeldUpByAStreamThatIsReadSlowly() throws Exception {
        waitBesideASlowReader(
                BidiStreamingClient::trailer, (peer, id) -> peer.send(Frames.trailer(id, "Bidi", Map.of())));
    }

    private interface Wait {
        Map<String, String> in(BidiStreamingClient<String, String> stream);
    }

    private interface Answer {
        void to(ScriptedPeer peer, int id);
    }

    private static void waitBesideASlowReader(Wait wait, Answer answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("echo")
                        .address("127.0.0.1:" + server.port())
                        .connections(1)
                        .connectTimeout(Duration.ofSeconds(20))
                        .buffers(LIMIT_BYTES, LIMIT_BYTES)
                        .stallTimeout(STALL)
                        .build();
                var slow = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
                var waiting = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            ScriptedPeer peer = server.accept();
            int first = peer.expect(FrameType.HEADER).seqId();
            int second = peer.expect(FrameType.HEADER).seqId();
            CompletableFuture<Map<String, String>> came =
                    CompletableFuture.supplyAsync(() -> wait.in(waiting), Thread::startVirtualThread);
            Thread flooding = Thread.startVirtualThread(() -> flood(peer, first, 8 * LIMIT_BYTES));
            flooding.join();
            answer.to(peer, second);

            // One message whenever the connection has looked: a steady reader, and a slow one.
            assertThatThrownBy(() -> {
                        while (!came.isDone()) {
                            slow.recv();
                            CompletableFuture.runAsync(
                                            () -> {}, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS))
                                    .join();
                        }
                        slow.recv();
                    })
                    .hasMessageContaining("unread bytes");
            assertThat(came.get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }
}
