package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.streamx.BidiStreamingClient;
import io.streamx.StreamException;
import io.streamx.StreamException.Kind;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedPeer.End;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.FrameType;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks a connection of a client, and what its streams are told. */
@Timeout(60)
class ClientLosesConnectionTest {
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

    // ---- what breaks the connection ----

    @Test
    void secondHeaderFailsEveryStreamOfTheConnection() {
        try (var stream = open();
                var other = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.expect(FrameType.HEADER);
            peer.send(Frames.header(id, "Bidi", Map.of("a", "1")), Frames.header(id, "Bidi", Map.of("a", "2")));

            for (var each : java.util.List.of(stream, other)) {
                assertThatThrownBy(each::recv)
                        .asInstanceOf(type(StreamException.class))
                        .satisfies(e -> {
                            assertThat(e.code()).isEqualTo(12002);
                            assertThat(e.side()).isEqualTo(StreamException.Side.NONE);
                            assertThat(e.detail()).isEqualTo("stream[" + id + "] already set header");
                        });
            }
            assertThat(peer.expectEnd()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "474554202f20485454502f312e310d0a0d0a", // HTTP
                "160301010001000000ff0303000000000000", // TLS
                "0000001e1000000000000001000510001000020009000442696469001b0001320000", // flag missing
                "0000001e1000000200000001000510001000020009000442696469001b0001390000", // type 9
                "0000001e1000000200000001000502001000020009000442696469001b0001320000", // compact Thrift
                "0000001e1000000200000001000510007700020009000442696469001b0001320000" // unknown info id
            })
    void bytesThatAreNoFrameFailAtOnceWithWhatWasFound(String hex) {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            peer.expect(FrameType.HEADER);
            peer.sendHex(hex);

            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(12004);
                        assertThat(e.kind()).isEqualTo(Kind.PROTOCOL);
                        assertThat(e.detail())
                                .startsWith("illegal TTHeader frame: ")
                                .contains("(expected: ");
                    });
            assertThatThrownBy(() -> stream.send("late")).hasMessageContaining("code=12004");
            assertThat(peer.expectEnd()).isNotNull();
        }
    }

    @Test
    void closedConnectionFailsItsStreamsAfterTheirMessages() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            byte[] data = Frames.data(id, "Bidi", EchoService.encoded("whole"));
            peer.send(data).sendPart(data, data.length - 1);
            peer.hangUp();

            assertThat(stream.recv()).isEqualTo("whole");
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(12006);
                        assertThat(e).hasMessage("[ttstream error, code=12006] connection closed by peer");
                    });
            assertThatThrownBy(stream::header).hasMessageContaining("code=12006");
        }
    }

    @Test
    void resetConnectionFailsItsStreamsAndTheNextCallConnectsAnew() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            peer.expect(FrameType.HEADER);
            peer.reset();
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(StreamException.class))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(12006));
        }
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.trailer(id, "Bidi", Map.of()));
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void framesInPiecesOfOneByteAreWhole() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            byte[] data = Frames.data(id, "Bidi", EchoService.encoded("piece by piece"));
            peer.sendInPieces(data, 1).send(data).send(Frames.trailer(id, "Bidi", Map.of()));

            assertThat(stream.recv()).isEqualTo("piece by piece");
            assertThat(stream.recv()).isEqualTo("piece by piece");
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void closingTheClientClosesTheConnection() {
        try (var stream = open()) {
            ScriptedPeer peer = server.accept();
            peer.expect(FrameType.HEADER);
            client.close();
            assertThat(peer.expectEnd()).isEqualTo(End.FIN);
            assertThatThrownBy(stream::recv).isInstanceOf(StreamException.class);
        }
    }
}
