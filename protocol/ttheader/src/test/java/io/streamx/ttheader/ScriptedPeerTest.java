package io.streamx.ttheader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ttheader.frame.DecodedFrame;
import io.streamx.ttheader.frame.FrameType;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two roles, played against each other. */
class ScriptedPeerTest {
    private ScriptedServer listener;
    private ScriptedPeer client;
    private ScriptedPeer server;

    @BeforeEach
    void connect() {
        listener = ScriptedServer.start();
        client = ScriptedPeer.connect(listener.address());
        server = listener.accept();
    }

    @AfterEach
    void close() {
        client.close();
        listener.close();
    }

    @Test
    void aStreamIsPlayedLineByLine() {
        client.send(Frames.open(7, "TestService", "Echo"), Frames.data(7, "Echo", Frames.struct("hello")));
        DecodedFrame header = server.expect(FrameType.HEADER);
        assertThat(header.method()).isEqualTo("Echo");
        assertThat(header.strings()).isEqualTo(Map.of("isn", "TestService"));
        DecodedFrame data = server.expect(FrameType.DATA, header.seqId());
        assertThat(data.payload()).isEqualTo(Frames.struct("hello"));

        server.send(Frames.header(7, "Echo", Map.of("h", "v")));
        server.send(Frames.data(7, "Echo", data.payload()), Frames.trailer(7, "Echo", Map.of()));
        client.expect(
                FrameType.HEADER, 7, "an entry h", frame -> frame.strings().containsKey("h"));
        client.expect(FrameType.DATA, 7);
        client.expect(FrameType.TRAILER, 7);

        assertThat(client.received())
                .extracting(DecodedFrame::type)
                .containsExactly(FrameType.HEADER, FrameType.DATA, FrameType.TRAILER);
    }

    @Test
    void framesOfOtherStreamsWaitTheirTurn() {
        client.send(Frames.open(1, "S", "A"), Frames.open(2, "S", "B"), Frames.trailer(1, "A", Map.of()));

        assertThat(server.expect(FrameType.HEADER, 2).method()).isEqualTo("B");
        server.expect(FrameType.HEADER, 1);
        server.expect(FrameType.TRAILER, 1);
    }

    @Test
    void theErrorsOfKitexAreAtHand() {
        server.send(Frames.errorTrailer(1, "Echo", 6, "biz error: boom"));
        server.send(Frames.rst(2, "Echo", 12007, "gone", "a,b"));
        server.send(Frames.meta(3, "Echo", Map.of("rip", "127.0.0.1:1")));

        assertThat(client.expect(FrameType.TRAILER, 1).payload())
                .isEqualTo(
                        Frames.hex("80010003 00000004 4563686f 00000001 0b0001 0000000f 62697a206572726f723a20626f6f6d"
                                + "080002 00000006 00"));
        assertThat(client.expect(FrameType.RST, 2).strings()).isEqualTo(Map.of("ttscp", "a,b"));
        client.expect(FrameType.META, 3);
    }

    @Test
    void framesComeThroughInPieces() {
        client.sendInPieces(Frames.open(1, "TestService", "Echo"), 1);

        server.expect(FrameType.HEADER, 1);
    }

    @Test
    void bytesThatAreNoFramesPassAsTheyAre() {
        client.sendHex("00000004 80010001").send(Frames.trailer(1, "Echo", Map.of()));

        assertThat(server.expectBytes(8)).isEqualTo(Frames.hex("0000000480010001"));
        server.expect(FrameType.TRAILER, 1);
    }

    @Test
    void aHalfClosedPeerStillReceives() {
        client.send(Frames.trailer(1, "Echo", Map.of())).halfClose();

        server.expect(FrameType.TRAILER, 1);
        assertThat(server.expectEnd()).isEqualTo(ScriptedPeer.End.FIN);
        server.send(Frames.trailer(1, "Echo", Map.of()));
        client.expect(FrameType.TRAILER, 1);
    }

    @Test
    void hangingUpIsAFinAlsoOverUnreadFrames() {
        server.send(Frames.trailer(1, "Echo", Map.of()));
        client.expect(FrameType.TRAILER, 1);
        server.send(Frames.trailer(2, "Echo", Map.of())).send(Frames.trailer(3, "Echo", Map.of()));
        client.hangUp();

        assertThat(server.untilEnd()).isEmpty();
        assertThat(server.expectEnd()).isEqualTo(ScriptedPeer.End.FIN);
    }

    @Test
    void aResetIsSeenAsOne() {
        client.reset();

        assertThat(server.expectEnd()).isEqualTo(ScriptedPeer.End.RST);
    }

    @Test
    void aTruncatedFrameIsSeenAsLeftoverBytes() {
        client.sendPart(Frames.open(1, "S", "A"), 20).hangUp();

        assertThatThrownBy(server::expectEnd)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("<< FIN")
                .hasMessageContaining("<< 20 bytes not yet read as a frame: 0000002");
    }

    @Test
    void untilEndGivesWhatNobodyExpected() {
        client.send(Frames.open(1, "S", "A"), Frames.trailer(1, "A", Map.of())).hangUp();
        server.expect(FrameType.HEADER, 1);

        assertThat(server.untilEnd()).singleElement().hasToString("stream 1 Trailer A payload 0 bytes");
    }

    // Failures

    @Test
    void aWrongFrameFailsWithTheConversation() {
        server.send(Frames.header(1, "Echo", Map.of()));
        client.expect(FrameType.HEADER, 1);
        client.send(Frames.data(1, "Echo", Frames.struct("hi")));
        server.send(Frames.trailer(1, "Echo", Map.of()));

        assertThatThrownBy(() -> client.expect(FrameType.DATA, 1))
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        expected Data of stream 1, but got stream 1 Trailer Echo payload 0 bytes
                        so far:
                          << stream 1 Header Echo payload 0 bytes
                          >> stream 1 Data Echo payload 10 bytes
                          << stream 1 Trailer Echo payload 0 bytes""");
    }

    @Test
    void anUnmetConditionIsNamed() {
        server.send(Frames.header(1, "Echo", Map.of()));

        assertFails(
                () -> client.expect(FrameType.HEADER, 1, "an entry h", frame -> frame.strings() != null),
                "expected Header of stream 1 with an entry h, but got stream 1 Header Echo");
    }

    @Test
    void silenceFailsAtTheDeadline() {
        client.send(Frames.open(1, "S", "A"));
        server.expect(FrameType.HEADER);
        server.within(Duration.ofMillis(50));

        assertFails(
                () -> server.expect(FrameType.DATA, 1),
                "expected Data of stream 1 within 50 ms, but nothing came",
                "<< stream 1 Header A {isn=\"S\"} payload 0 bytes");
        assertFails(() -> server.expectBytes(1), "expected 1 bytes within 50 ms");
        assertFails(server::expectEnd, "expected the end of the connection within 50 ms");
    }

    @Test
    void aConnectionThatDoesNotComeFailsAtTheDeadline() {
        assertFails(() -> listener.within(Duration.ofMillis(50)).accept(), "expected a connection to", "within 50 ms");
    }

    @Test
    void garbageFailsWithWhatItIs() {
        client.sendHex("485454502f312e31 20343030");

        assertFails(
                () -> server.expect(FrameType.HEADER),
                "expected a frame",
                "<< 12 bytes not yet read as a frame: 48545450");
    }

    @Test
    void anEndFailsWhoeverExpectsMore() {
        client.hangUp();

        assertFails(
                () -> server.expect(FrameType.HEADER),
                "expected Header of any stream, but the connection ended by FIN");
        assertFails(() -> server.expectBytes(4), "expected 4 bytes, but the connection ended by FIN");
        assertFails(() -> client.expectFrame(), "the script has closed the connection");
    }

    @Test
    void sendingToAPeerThatDoesNotReadFailsAtTheDeadline() {
        client.within(Duration.ofMillis(200));

        assertFails(() -> client.send(new byte[64 << 20]), "sending 67108864 bytes", "the other side does not read");
    }

    private static void assertFails(Supplier<?> line, String... message) {
        assertThatThrownBy(line::get).isInstanceOf(AssertionError.class).hasMessageContainingAll(message);
    }
}
