package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.StreamException;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.frame.FrameType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server does about frames that a Kitex client never or seldom sends, frame by frame. */
@Timeout(60)
class ServerAgainstScriptTest {
    private final LinkedBlockingQueue<CompletableFuture<StreamException>> ends = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Server server = Server.builder()
            .port(0)
            .shutdownWindow(Duration.ZERO)
            .service(EchoService.bidi(this::handle))
            .start();

    private void handle(BidiStreamingServer<String, String> stream) throws InterruptedException {
        CompletableFuture<StreamException> end = new CompletableFuture<>();
        ends.add(end);
        try {
            for (String message : stream) {
                switch (message) {
                    case "fail" -> throw new IllegalStateException("boom");
                    case "biz" -> throw new BizStatusException(404, "not found", Map.of("k", "v"));
                    case "header" -> stream.sendHeader(Map.of("h", "1"));
                    case "leave" -> {
                        return;
                    }
                    default -> stream.send(message);
                }
            }
            end.complete(null);
        } catch (StreamException e) {
            end.complete(e);
            throw e;
        } finally {
            end.completeExceptionally(new AssertionError("handler left"));
        }
    }

    @AfterEach
    void close() {
        release.countDown();
        server.close();
    }

    private ScriptedPeer connect() {
        return ScriptedPeer.connect(new InetSocketAddress("127.0.0.1", server.port()));
    }

    private StreamException nextEnd() throws Exception {
        CompletableFuture<StreamException> end = ends.poll(10, TimeUnit.SECONDS);
        assertThat(end).as("a handler was started").isNotNull();
        return end.get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void anyStreamIdIsEchoed(int id) {
        try (ScriptedPeer peer = connect()) {
            peer.send(
                    Frames.open(id, "EchoService", "Bidi"),
                    Frames.data(id, "Bidi", EchoService.encoded("hello")),
                    Frames.trailer(id, "Bidi", Map.of()));

            var header = peer.expect(FrameType.HEADER, id);
            assertThat(header.ints()).containsOnly(Map.entry(27, "2"), Map.entry(9, "Bidi"));
            assertThat(header.strings()).isNullOrEmpty();
            assertThat(peer.expect(FrameType.DATA, id).payload()).isEqualTo(EchoService.encoded("hello"));
            assertThat(peer.expect(FrameType.TRAILER, id).payload()).isEmpty();
        }
    }

    @Test
    void headerIsNotWrittenBeforeTheHandlerSendsSomething() {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, "EchoService", "Bidi"), Frames.open(2, "EchoService", "Bidi"));
            peer.send(Frames.data(2, "Bidi", EchoService.encoded("second")));
            peer.expect(FrameType.HEADER, 2);
            peer.expect(FrameType.DATA, 2);
            peer.send(Frames.trailer(1, "Bidi", Map.of()));
            peer.expect(FrameType.HEADER, 1);
            peer.expect(FrameType.TRAILER, 1);
        }
    }

    @Test
    void failureIsInThePayloadAndBusinessStatusInTheEntries() {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, "EchoService", "Bidi"), Frames.data(1, "Bidi", EchoService.encoded("fail")));
            peer.expect(FrameType.HEADER, 1);
            var failed = peer.expect(FrameType.TRAILER, 1);
            assertThat(failed.strings()).isNullOrEmpty();
            assertThat(failed.payload()).isEqualTo(Frames.exception("Bidi", 1, 6, "biz error: boom"));

            peer.send(Frames.open(2, "EchoService", "Bidi"), Frames.data(2, "Bidi", EchoService.encoded("biz")));
            peer.expect(FrameType.HEADER, 2);
            var refused = peer.expect(FrameType.TRAILER, 2);
            assertThat(refused.strings())
                    .containsOnly(
                            Map.entry("biz-status", "404"),
                            Map.entry("biz-message", "not found"),
                            Map.entry("biz-extra", "{\"k\":\"v\"}"));
            assertThat(refused.payload()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EchoService", "Unknown"})
    void unknownMethodIsAnsweredAndTheConnectionGoesOn(String service) {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, service, "Nothing"));
            peer.expect(FrameType.HEADER, 1);
            boolean known = service.equals("EchoService");
            assertThat(peer.expect(FrameType.TRAILER, 1).payload())
                    .isEqualTo(Frames.exception(
                            "Nothing",
                            1,
                            known ? 1 : 20,
                            known ? "unknown method Nothing" : "unknown service Unknown"));

            peer.send(Frames.open(2, "EchoService", "Bidi"), Frames.data(2, "Bidi", EchoService.encoded("m")));
            peer.expect(FrameType.HEADER, 2);
            peer.expect(FrameType.DATA, 2);
        }
    }

    @Test
    void unknownServiceFindsTheOnlyServiceThatHasTheMethod() {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, "Renamed", "Bidi"), Frames.trailer(1, "Bidi", Map.of()));
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.TRAILER, 1).payload()).isEmpty();
        }
    }

    @Test
    void afterAResetNothingIsWrittenForTheStream() throws Exception {
        try (ScriptedPeer peer = connect()) {
            peer.send(
                    Frames.open(1, "EchoService", "Bidi"),
                    Frames.rst(1, "Bidi", 12007, "gone", "a,b"),
                    Frames.trailer(1, "Bidi", Map.of()));
            StreamException end = nextEnd();
            assertThat(end.code()).isEqualTo(12007);
            assertThat(end.cancelPath()).containsExactly("a", "b");
            assertThat(end)
                    .hasMessage("[ttstream error, code=12007] [server-side stream] [canceled path: a -> b] gone");

            peer.send(Frames.open(2, "EchoService", "Bidi"), Frames.trailer(2, "Bidi", Map.of()));
            peer.expect(FrameType.HEADER, 2);
            peer.expect(FrameType.TRAILER, 2);
            assertThat(peer.received()).noneMatch(frame -> frame.seqId() == 1);
        }
    }

    @Test
    void messagesBeforeAResetAreReceivedFirst() throws Exception {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, "EchoService", "Bidi"), Frames.data(1, "Bidi", EchoService.encoded("header")));
            peer.expect(FrameType.HEADER, 1);
            peer.send(Frames.streaming(FrameType.RST, 1, "Bidi", Map.of(), new byte[0]));
            StreamException end = nextEnd();
            assertThat(end.code()).isEqualTo(13);
            assertThat(end.detail()).isEqualTo("rst");
        }
    }

    @Test
    void trailerWithBusinessStatusIsWhatTheHandlerReceives() throws Exception {
        try (ScriptedPeer peer = connect()) {
            peer.send(
                    Frames.open(1, "EchoService", "Bidi"),
                    Frames.trailer(1, "Bidi", Map.of("biz-status", "5", "biz-message", "sorry")));
            peer.expect(FrameType.HEADER, 1);
            // The handler lets it pass, so it is the outcome.
            assertThat(peer.expect(FrameType.TRAILER, 1).strings()).containsEntry("biz-status", "5");
        }
    }

    @Test
    void framesOfUnknownStreamsMetaFramesAndUnknownEntriesAreIgnored() {
        try (ScriptedPeer peer = connect()) {
            peer.send(
                    Frames.open(1, "EchoService", "Bidi"),
                    Frames.data(99, "Bidi", EchoService.encoded("stray")),
                    Frames.trailer(99, "Bidi", Map.of()),
                    Frames.rst(99, "Bidi", 6, "stray", ""),
                    Frames.meta(1, "Bidi", Map.of("x", "y")),
                    Frames.header(2, "Bidi", Map.of("isn", "EchoService", "something", "new")),
                    Frames.trailer(2, "Bidi", Map.of()),
                    Frames.trailer(1, "Bidi", Map.of()),
                    Frames.data(1, "Bidi", EchoService.encoded("late")));
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                var frame = peer.expectFrame();
                answers.add(frame.ints().get(27) + " of " + frame.seqId());
            }
            assertThat(answers).containsExactlyInAnyOrder("2 of 1", "4 of 1", "2 of 2", "4 of 2");
        }
    }

    @Test
    void idUsedAnewWhileItsStreamLivesEndsTheFirst() throws Exception {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, "EchoService", "Bidi"));
            CompletableFuture<StreamException> first = ends.poll(10, TimeUnit.SECONDS);
            assertThat(first).as("the first handler was started").isNotNull();
            peer.send(Frames.open(1, "EchoService", "Bidi"), Frames.data(1, "Bidi", EchoService.encoded("m")));

            assertThat(first.get(10, TimeUnit.SECONDS).code()).isEqualTo(12002);
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.DATA, 1).payload()).isEqualTo(EchoService.encoded("m"));
        }
    }

    @Test
    void lostConnectionCancelsEveryHandler() throws Exception {
        ScriptedPeer peer = connect();
        peer.send(Frames.open(1, "EchoService", "Bidi"), Frames.open(2, "EchoService", "Bidi"));
        peer.send(Frames.data(2, "Bidi", EchoService.encoded("m")));
        peer.expect(FrameType.HEADER, 2);
        peer.hangUp();

        for (int i = 0; i < 2; i++) {
            StreamException end = nextEnd();
            assertThat(end.code()).isEqualTo(12013);
            assertThat(end.kind()).isEqualTo(StreamException.Kind.CANCELED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000001e1000000000000002000510001000020009000442696469001b0001320000", // flag missing
                "0000001e1000000200000002000510001000020009000442696469001b0001370000", // type 7
                "ffffffff1000000200000002000510001000020009000442696469001b0001320000", // length -1
                "0000001e20000002000000020005" // magic
            })
    void bytesThatAreNoFrameEndTheConnectionAndItsStreams(String hex) throws Exception {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, "EchoService", "Bidi"));
            peer.sendHex(hex);
            StreamException end = nextEnd();
            assertThat(end.code()).isEqualTo(12013);
            assertThat(end.detail()).contains("illegal TTHeader frame");
            peer.expectEnd();
        }
    }

    @Test
    void connectionOfAnotherProtocolIsClosedWithoutAnAnswer() {
        try (ScriptedPeer peer = connect()) {
            peer.sendHex("474554202f20485454502f312e310d0a0d0a");
            peer.expectEnd();
        }
    }

    @Test
    void framesInPiecesOfOneByteAreWhole() {
        try (ScriptedPeer peer = connect()) {
            peer.sendInPieces(Frames.open(1, "EchoService", "Bidi"), 1)
                    .sendInPieces(Frames.data(1, "Bidi", EchoService.encoded("slowly")), 1);
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.DATA, 1).payload()).isEqualTo(EchoService.encoded("slowly"));
        }
    }

    @Test
    void messageThatCannotBeDecodedFailsOneRecvAndTheStreamGoesOn() {
        CountDownLatch failed = new CountDownLatch(2);
        try (Server tolerant = Server.builder()
                        .port(0)
                        .shutdownWindow(Duration.ZERO)
                        .service(EchoService.bidi(stream -> {
                            String message = null;
                            while (message == null) {
                                try {
                                    message = stream.recv();
                                } catch (ApplicationException e) {
                                    failed.countDown();
                                }
                            }
                            stream.send(message + " after " + (2 - failed.getCount()) + " failures");
                        }))
                        .start();
                ScriptedPeer peer = ScriptedPeer.connect(new InetSocketAddress("127.0.0.1", tolerant.port()))) {
            peer.send(
                    Frames.open(1, "EchoService", "Bidi"),
                    Frames.data(1, "Bidi", new byte[] {11, 0, 1, 0, 0, 0, 99}),
                    Frames.data(1, "Bidi", new byte[0]),
                    Frames.data(1, "Bidi", EchoService.encoded("fine")));
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.DATA, 1).payload())
                    .isEqualTo(EchoService.encoded("fine after 2 failures"));
        }
    }

    @Test
    void requestThatNeverCameIsAFailureOfServerStreaming() {
        try (ScriptedPeer peer = connect()) {
            peer.send(Frames.open(1, "EchoService", "Produce"), Frames.trailer(1, "Produce", Map.of()));
            peer.expect(FrameType.HEADER, 1);
            assertThat(peer.expect(FrameType.TRAILER, 1).payload())
                    .isEqualTo(
                            Frames.exception("Produce", 1, 6, "biz error: the stream ended before its request came"));
        }
    }
}
