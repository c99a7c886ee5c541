package io.streamx.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.RpcException;
import io.streamx.StreamException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.ChatClient;
import io.streamx.testing.chat.Question;
import io.streamx.testing.chat.Token;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real clients against scripted servers, and scripted clients against a real server. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ScriptedPeersTest {
    private final ScriptedPort port = ScriptedPort.open();

    @RegisterExtension
    StreamXServer server = StreamXServer.of(Chat.bind(new ChatHandler()));

    @AfterEach
    void close() {
        port.close();
    }

    private Client client(Transport transport) {
        return Client.builder("Chat")
                .address(port.address())
                .transport(transport)
                .connections(1)
                .build();
    }

    @Test
    void aTTHeaderServerInWords() {
        try (Client client = client(Transport.TTHEADER);
                var stream = new ChatClient(client).talk()) {
            stream.send(new Question("hello"));
            TTHeaderPeer peer = port.acceptTTHeader();
            int id = peer.expect("Header * talk isn=Chat").stream();
            assertThat(peer.expect("Data " + id + " talk").message(Question.CODEC))
                    .isEqualTo(new Question("hello"));
            peer.send("Header " + id + " talk note=\"two words\"");
            peer.send("Data " + id + " talk", Token.CODEC, new Token("there"));
            peer.send("Trailer " + id + " talk error=12345 message=\"no more\"");

            assertThat(stream.recv()).isEqualTo(new Token("there"));
            assertThat(catchThrowable(stream::recv))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("no more");
            assertThat(stream.header()).containsEntry("note", "two words");
            assertThat(peer.transcript().getFirst()).startsWith("<< stream " + id + " Header talk");
        }
    }

    @Test
    void aTTHeaderClientInWords() {
        try (TTHeaderPeer peer = TTHeaderPeer.connect("127.0.0.1", server.port())) {
            peer.send("Header 1 talk isn=Chat");
            peer.send("Data 1 talk", Question.CODEC, new Question("hello"));
            peer.send("Trailer 1 talk");
            peer.expect("Header 1");
            assertThat(peer.expect("Data 1").message(Token.CODEC)).isEqualTo(new Token("hello"));
            peer.expect("Trailer 1");
        }
    }

    @Test
    void aFailedExpectationShowsWhatWasSentAndReceived() {
        try (TTHeaderPeer peer =
                TTHeaderPeer.connect("127.0.0.1", server.port()).within(Duration.ofSeconds(5))) {
            peer.send("Header 1 nothing isn=Chat");
            assertThat(catchThrowable(() -> peer.expect("Data 1")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected 'Data 1', but got 'stream 1")
                    .hasMessageContaining(">> stream 1 Header nothing");
        }
        assertThat(catchThrowable(() -> ScriptLine.parse("Data one")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("script line 'Data one' (expected: a number or * as the second word, which is the stream)");
    }

    @Test
    void aServerThatHangsUpWithinAFrame() {
        try (Client client = client(Transport.TTHEADER);
                var stream = new ChatClient(client).talk()) {
            stream.send(new Question("hello"));
            TTHeaderPeer peer = port.acceptTTHeader();
            int id = peer.expect("Header * talk").stream();
            peer.expect("Data " + id);
            peer.sendPart("Header " + id + " talk", 9);
            peer.close();
            assertThat(catchThrowable(stream::recv)).isInstanceOf(StreamException.class);
        }
    }

    @Test
    void aGrpcServerInWords() {
        try (Client client = client(Transport.GRPC);
                var stream = new ChatClient(client).talk()) {
            stream.send(new Question("hello"));
            GrpcPeer peer = port.acceptGrpc();
            int id = peer.expect("HEADERS * :method=POST").stream();
            ScriptedFrame data = peer.expect("DATA " + id);
            assertThat(data.message(Question.CODEC)).isEqualTo(new Question("hello"));
            peer.send("HEADERS " + id + " :status=200 content-type=application/grpc");
            peer.send("DATA " + id, Token.CODEC, new Token("there"));
            peer.send("HEADERS " + id + " end grpc-status=8 grpc-message=\"too much\"");

            assertThat(stream.recv()).isEqualTo(new Token("there"));
            assertThat(catchThrowable(stream::recv))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("too much");
        }
    }

    @Test
    void aGrpcClientInWords() {
        try (GrpcPeer peer = GrpcPeer.connect("127.0.0.1", server.port())) {
            peer.send("HEADERS 1 :method=POST :scheme=http :path=/Chat/talk :authority=test"
                    + " content-type=application/grpc+thrift te=trailers");
            peer.send("DATA 1 end", Question.CODEC, new Question("hello"));
            peer.expect("HEADERS 1 :status=200");
            assertThat(peer.expect("DATA 1").message(Token.CODEC)).isEqualTo(new Token("hello"));
            peer.expect("HEADERS 1 end grpc-status=0");
        }
    }
}
