package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.FrameType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that came and that nobody takes must not hold up the connection they came on. */
@Timeout(60)
class UnreadMessagesTest {
    private static final int LIMIT_BYTES = 4 << 10;
    private static final String MESSAGE = "x".repeat(2 << 10);

    private final ScriptedServer server = ScriptedServer.start();
    private final Client client = Client.builder("echo")
            .address("127.0.0.1:" + server.port())
            .connections(1)
            .buffers(LIMIT_BYTES, LIMIT_BYTES)
            .stallTimeout(Duration.ofMillis(100))
            .build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private BidiStreamingClient<String, String> open() {
        return client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
    }

    /** More than the connection may hold, and the end of the stream, all in one read of the socket. */
    private static void fillAndEnd(ScriptedPeer peer, int id) {
        byte[] data = Frames.data(id, "Bidi", EchoService.encoded(MESSAGE));
        peer.send(data, data, data, Frames.trailer(id, "Bidi", Map.of()));
    }

    private static void answer(ScriptedPeer peer, BidiStreamingClient<String, String> stream) throws Exception {
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(stream::recv, Thread::startVirtualThread);
        int id = peer.expect(FrameType.HEADER).seqId();
        peer.send(Frames.data(id, "Bidi", EchoService.encoded("fine")));
        assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo("fine");
    }

    @Test
    void closingAnEndedStreamDropsWhatItHolds() throws Exception {
        var ended = open();
        ScriptedPeer peer = server.accept();
        fillAndEnd(peer, peer.expect(FrameType.HEADER).seqId());
        assertThat(ended.trailer()).isEmpty();

        ended.close();

        assertThat(ended.recv()).isNull();
        try (var next = open()) {
            peer.expect(FrameType.TRAILER);
            answer(peer, next);
        }
    }

    @Test
    void closingAStreamThatFailedKeepsItsOutcome() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(
                    Frames.data(id, "Bidi", EchoService.encoded(MESSAGE)),
                    Frames.errorTrailer(id, "Bidi", 6, "biz error: boom"));
            assertThat(stream.trailer()).isEmpty();

            stream.close();

            assertThatThrownBy(stream::recv).hasMessageContaining("code=12001").hasMessageContaining("boom");
        }
    }

    @Test
    void anEndedStreamThatNobodyReadsOrClosesGivesWayToOneThatWaits() throws Exception {
        var forgotten = open();
        ScriptedPeer peer = server.accept();
        fillAndEnd(peer, peer.expect(FrameType.HEADER).seqId());
        assertThat(forgotten.trailer()).isEmpty();

        try (var waiting = open()) {
            peer.expect(FrameType.TRAILER);
            answer(peer, waiting);
        }
        assertThatThrownBy(forgotten::recv).hasMessageContaining("unread bytes");
    }

    @Test
    void anEndedStreamThatIsReadSlowlyKeepsItsMessages() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            fillAndEnd(peer, peer.expect(FrameType.HEADER).seqId());
            assertThat(stream.trailer()).isEmpty();

            assertThat(stream).containsExactly(MESSAGE, MESSAGE, MESSAGE);
        }
    }
}
