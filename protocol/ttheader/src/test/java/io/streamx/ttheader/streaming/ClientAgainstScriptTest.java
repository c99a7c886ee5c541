package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingClient;
import io.streamx.BizStatusException;
import io.streamx.StreamException;
import io.streamx.StreamException.Kind;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.FrameType;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client does about frames that a Kitex server never or seldom sends, frame by frame. */
@Timeout(60)
class ClientAgainstScriptTest {
    private final ScriptedServer server = ScriptedServer.start();
    private final Client client = Client.builder("echo")
            .callerName("caller")
            .address("127.0.0.1:" + server.port())
            .connections(1)
            .build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private BidiStreamingClient<String, String> open() {
        return client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
    }

    // ---- what a client writes ----

    @Test
    void bidirectionalStreamIsHeaderDataTrailer() {
        try (var stream = open()) {
            stream.send("hello");
            stream.closeSend();
            stream.closeSend();

            ScriptedPeer peer = server.accept();
            var header = peer.expect(FrameType.HEADER);
            assertThat(header.strings()).containsOnly(Map.entry("isn", "EchoService"), Map.entry("sx-credit", "65536"));
            assertThat(header.ints()).containsOnly(Map.entry(27, "2"), Map.entry(9, "Bidi"));
            var data = peer.expect(FrameType.DATA, header.seqId());
            assertThat(data.payload()).isEqualTo(EchoService.encoded("hello"));
            peer.expect(FrameType.TRAILER, header.seqId());
            peer.send(Frames.trailer(header.seqId(), "Bidi", Map.of()));
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void serverStreamingSendsItsRequestAndEndsBeforeAnythingIsReceived() {
        try (var stream = client.serverStreaming(EchoService.PRODUCE, "3", CallOptions.NONE)) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.expect(FrameType.DATA, id);
            peer.expect(FrameType.TRAILER, id);
            peer.send(Frames.trailer(id, "Produce", Map.of()));
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void cancelIsResetThenTrailerWithTheOwnNameAsPath() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            stream.cancel("");

            var rst = peer.expect(FrameType.RST, id);
            assertThat(rst.strings()).containsOnly(Map.entry("ttscp", "caller"));
            assertThat(new String(rst.payload(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("user code invoking stream RPC with context processed by context.WithCancel or "
                            + "context.WithTimeout, then invoking cancel() actively");
            peer.expect(FrameType.TRAILER, id);
        }
    }

    @Test
    void cancelAfterTheOwnEndIsAResetAlone() {
        try (var first = open()) {
            first.closeSend();
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.expect(FrameType.TRAILER, id);
            first.cancel("");
            peer.expect(FrameType.RST, id);

            try (var second = open()) {
                int next = peer.expect(FrameType.HEADER).seqId();
                assertThat(next).isNotEqualTo(id);
            }
        }
    }

    @Test
    void endFromTheServerIsAnsweredByAnEmptyTrailerForTheSakeOfOldProxies() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.trailer(id, "Bidi", Map.of()));
            assertThat(stream.recv()).isNull();
            peer.expect(FrameType.TRAILER, id);
        }
    }

    // ---- ends of a stream ----

    @Test
    void trailerWithoutAHeaderEndsTheStream() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.trailer(id, "Bidi", Map.of("k", "v")));

            assertThat(stream.recv()).isNull();
            assertThat(stream.header()).isEmpty();
            assertThat(stream.trailer()).containsOnly(Map.entry("k", "v"));
        }
    }

    @Test
    void resetOfAProxyKeepsItsNumberAndPath() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(
                    Frames.data(id, "Bidi", EchoService.encoded("queued")),
                    Frames.rst(id, "Bidi", 1204, "egress limit", "mesh,a"));

            assertThat(stream.recv()).isEqualTo("queued");
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(1204);
                        assertThat(e.kind()).isEqualTo(Kind.CANCELED);
                        assertThat(e.cancelPath()).containsExactly("mesh", "a");
                        assertThat(e)
                                .hasMessage("[ttstream error, code=1204] [client-side stream] "
                                        + "[canceled path: mesh -> a] egress limit");
                    });
            assertThatThrownBy(stream::header).hasMessageContaining("egress limit");
            assertThatThrownBy(stream::trailer).hasMessageContaining("egress limit");
            peer.expect(FrameType.TRAILER, id);
        }
    }

    @Test
    void resetWithoutPayloadIsNumberThirteen() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.streaming(FrameType.RST, id, "Bidi", Map.of(), new byte[0]));

            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(13);
                        assertThat(e.detail()).isEqualTo("rst");
                    });
        }
    }

    @Test
    void businessStatusZeroIsTheCleanEnd() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.trailer(id, "Bidi", Map.of("biz-status", "0", "biz-message", "fine")));

            assertThat(stream.recv()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "99999999999"})
    void businessStatusThatIsNoNumberIsTheCleanEnd(String status) {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.trailer(id, "Bidi", Map.of("biz-status", status)));

            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void malformedBusinessExtraIsItsOwnError() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.trailer(id, "Bidi", Map.of("biz-status", "7", "biz-extra", "{nonsense")));

            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(12003);
                        assertThat(e.detail()).startsWith("malformed header info, extra: '{nonsense'");
                    });
        }
    }

    @Test
    void payloadOfATrailerWinsOverABusinessStatus() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.streaming(
                    FrameType.TRAILER,
                    id,
                    "Bidi",
                    Map.of("biz-status", "7"),
                    Frames.exception("Bidi", id, 6, "biz error: boom")));

            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(12001);
                        assertThat(e.getCause()).isInstanceOf(ApplicationException.class);
                    });
        }
    }

    @Test
    void payloadOfATrailerThatIsNoExceptionIsAnIllegalFrameOfThatStreamAlone() {
        try (var stream = open();
                var other = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            int otherId = peer.expect(FrameType.HEADER).seqId();
            peer.send(
                    Frames.streaming(FrameType.TRAILER, id, "Bidi", Map.of(), new byte[] {1, 2, 3}),
                    Frames.data(otherId, "Bidi", EchoService.encoded("unharmed")));

            assertThatThrownBy(stream::recv).hasMessageContaining("code=12004");
            assertThat(other.recv()).isEqualTo("unharmed");
        }
    }

    @Test
    void businessErrorKeepsTheMessagesBeforeIt() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(
                    Frames.data(id, "Bidi", EchoService.encoded("one")),
                    Frames.trailer(id, "Bidi", Map.of("biz-status", "-5", "biz-message", "no")));

            assertThat(stream.recv()).isEqualTo("one");
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(BizStatusException.class))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(-5));
            assertThat(stream.trailer()).containsEntry("biz-status", "-5");
        }
    }

    @Test
    void messageThatCannotBeDecodedFailsOneRecvAndTheStreamGoesOn() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(
                    Frames.data(id, "Bidi", new byte[] {11, 0, 1, 0, 0, 0, 99}),
                    Frames.data(id, "Bidi", new byte[0]),
                    Frames.data(id, "Bidi", EchoService.encoded("fine")));

            assertThatThrownBy(stream::recv).isInstanceOf(ApplicationException.class);
            assertThatThrownBy(stream::recv).isInstanceOf(ApplicationException.class);
            assertThat(stream.recv()).isEqualTo("fine");
        }
    }

    // ---- frames that mean nothing ----

    @Test
    void metaFramesAndFramesOfUnknownStreamsAreIgnored() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            int unknown = id + 1000;
            peer.send(
                    Frames.meta(id, "Bidi", Map.of("rip", "127.0.0.1:1")),
                    Frames.header(unknown, "Bidi", Map.of()),
                    Frames.data(unknown, "Bidi", EchoService.encoded("stray")),
                    Frames.trailer(unknown, "Bidi", Map.of()),
                    Frames.rst(unknown, "Bidi", 6, "stray", ""),
                    Frames.data(id, "Bidi", EchoService.encoded("mine")));

            assertThat(stream.recv()).isEqualTo("mine");
        }
    }

    @Test
    void lateFramesOfACancelledStreamAreIgnored() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.header(id, "Bidi", Map.of()));
            stream.cancel("");
            peer.expect(FrameType.RST, id);
            peer.send(
                    Frames.header(id, "Bidi", Map.of("late", "1")),
                    Frames.data(id, "Bidi", EchoService.encoded("late")),
                    Frames.trailer(id, "Bidi", Map.of()));
            try (var next = open()) {
                peer.expect(FrameType.TRAILER, id);
                int nextId = peer.expect(FrameType.HEADER).seqId();
                peer.send(Frames.data(nextId, "Bidi", EchoService.encoded("fine")));
                assertThat(next.recv()).isEqualTo("fine");
            }
        }
    }
}
