package io.streamx.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BidiStreamingServer;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.ChatClient;
import io.streamx.testing.chat.ChatMethods;
import io.streamx.testing.chat.Question;
import io.streamx.testing.chat.Token;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversations with a real server are recorded, and both of their parts are played to real clients and servers. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ConversationTest {
    @TempDir
    private Path folder;

    private static class Failing extends ChatHandler {
        @Override
        public void talk(BidiStreamingServer<Question, Token> stream) {
            for (Question question : stream) {
                if (question.text().equals("fail")) {
                    throw new StatusException(12345, "no more");
                }
                stream.send(new Token(question.text()));
            }
        }
    }

    private static Client client(String address, Transport transport) {
        return Client.builder("Chat").address(address).transport(transport).build();
    }

    /** Records what these calls say to a server with this handler. */
    private Conversation record(Chat handler, Transport transport, Calls calls) {
        Path file = folder.resolve("conversations").resolve("chat.ndjson");
        try (Server server =
                Server.builder().port(0).service(Chat.bind(handler)).start()) {
            try (ConversationRecorder recorder = ConversationRecorder.to("127.0.0.1", server.port(), file);
                    Client client = client(recorder.address(), transport)) {
                calls.make(new ChatClient(client));
            }
        }
        return Conversation.read(file).describedBy(ChatMethods.DESCRIPTOR);
    }

    @FunctionalInterface
    private interface Calls {
        void make(ChatClient chat);
    }

    private static void allModes(ChatClient chat) {
        assertThat(chat.greet(new Question("you"))).isEqualTo(new Token("hello you"));
        try (var tokens = chat.withMetadata(Metadata.of("room", "7")).ask(new Question("a few words"))) {
            assertThat(tokens).containsExactly(new Token("a"), new Token("few"), new Token("words"));
        }
        try (var one = chat.talk();
                var other = chat.talk()) {
            for (String text : List.of("x", "y")) {
                one.send(new Question(text));
                assertThat(one.recv()).isEqualTo(new Token(text));
                other.send(new Question(text + text));
                assertThat(other.recv()).isEqualTo(new Token(text + text));
            }
            one.closeSend();
            assertThat(one.recv()).isNull();
            other.send(new Question("fail"));
            assertThat(catchThrowable(other::recv))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("no more");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "GRPC"})
    void theServersPartIsPlayedToAClient(Transport transport) {
        Conversation recorded = record(new Failing(), transport, ConversationTest::allModes);
        assertThat(recorded.text()).contains("Question[text=you]").contains("Token[text=few]");
        try (ConversationServer server = recorded.playServer();
                Client client = client(server.address(), transport)) {
            allModes(new ChatClient(client));
            ConversationDifferences differences = server.differences();
            assertThat(differences.text()).isEmpty();
            assertThat(differences.isEmpty()).isTrue();
            differences.verify();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "GRPC"})
    void theClientsPartIsPlayedToAServer(Transport transport) {
        Conversation recorded = record(new Failing(), transport, ConversationTest::allModes);
        try (Server same =
                Server.builder().port(0).service(Chat.bind(new Failing())).start()) {
            recorded.playClient("127.0.0.1", same.port()).verify();
        }
        Chat other = new Failing() {
            @Override
            public void ask(Question question, ServerStreamingServer<Token> stream) {
                stream.send(new Token("a"));
                stream.send(new Token("couple"));
            }
        };
        try (Server changed = Server.builder().port(0).service(Chat.bind(other)).start()) {
            ConversationDifferences differences =
                    recorded.within(Duration.ofSeconds(5)).playClient("127.0.0.1", changed.port());
            assertThat(differences.isEmpty()).isFalse();
            assertThat(differences.text().lines().filter(line -> line.startsWith("#")))
                    .singleElement()
                    .asString()
                    .endsWith("Chat/ask");
            assertThat(differences.text())
                    .contains(" Token[text=a]\n")
                    .containsPattern("\n  - <- (Data|Message) Token\\[text=few\\]\n  \\+ <- (Data|Message)"
                            + " Token\\[text=couple\\]\n");
            assertThatThrownBy(differences::verify)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Token[text=couple]");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "GRPC"})
    void whatAClientSaysOtherwiseIsShownFrameByFrame(Transport transport) {
        Conversation recorded = record(new ChatHandler(), transport, chat -> {
            try (var stream = chat.talk()) {
                stream.send(new Question("hello"));
                assertThat(stream.recv()).isEqualTo(new Token("hello"));
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
        });
        try (ConversationServer server = recorded.playServer();
                Client client = client(server.address(), transport)) {
            ChatClient chat = new ChatClient(client);
            try (var stream = chat.withMetadata(Metadata.of("room", "7")).talk()) {
                stream.send(new Question("hi"));
                assertThat(stream.recv()).isEqualTo(new Token("hello"));
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
            assertThat(server.differences().text())
                    .containsPattern("#1 stream \\d+ (chat\\.)?Chat/talk\n  - -> Header")
                    .containsPattern("\n  \\+ -> Headers? .*room=7")
                    .containsPattern("\n  - -> (Data|Message) Question\\[text=hello\\]\n  \\+ -> (Data|Message)"
                            + " Question\\[text=hi\\]\n")
                    .containsPattern("\n    <- (Data|Message) Token\\[text=hello\\]\n");
            // The recording has no further call of this method.
            assertThatThrownBy(() -> chat.greet(new Question("you")))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("the recording has no further call of ");
            try (var stream = chat.talk()) {
                assertThatThrownBy(() -> {
                            stream.send(new Question("again"));
                            stream.recv();
                        })
                        .isInstanceOf(RpcException.class)
                        .hasMessageContaining("the recording has no further call of ");
            }
            assertThat(server.differences().text())
                    .containsPattern("call (chat\\.)?Chat/greet, which is not in the recording\n  \\+ -> ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "GRPC"})
    void whatDoesNotComeIsMissing(Transport transport) {
        Conversation recorded = record(new ChatHandler(), transport, chat -> chat.greet(new Question("you")));
        try (ConversationServer server = recorded.within(Duration.ofMillis(200)).playServer()) {
            assertThat(server.differences().text())
                    .containsPattern("#1 (call|stream) \\d+ (chat\\.)?Chat/greet, of which nothing came\n  - -> ")
                    .contains("Token[text=hello you]");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "GRPC"})
    void aMessageOfManyWindowsIsPlayedToBothEnds(Transport transport) {
        String text = "x".repeat(3 << 20);
        Calls calls = chat -> {
            try (var stream = chat.talk()) {
                for (int i = 0; i < 3; i++) {
                    stream.send(new Question(text));
                    assertThat(stream.recv()).isEqualTo(new Token(text));
                }
            }
        };
        Conversation recorded = record(new ChatHandler(), transport, calls);
        try (ConversationServer server = recorded.playServer();
                Client client = client(server.address(), transport)) {
            calls.make(new ChatClient(client));
            assertThat(server.differences().isEmpty()).isTrue();
        }
        try (Server server =
                Server.builder().port(0).service(Chat.bind(new ChatHandler())).start()) {
            assertThat(recorded.playClient("127.0.0.1", server.port()).isEmpty())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "GRPC"})
    void pausesAreMadeAgainWhereThatIsAsked(Transport transport) throws Exception {
        Calls calls = chat -> {
            try (var stream = chat.talk()) {
                stream.send(new Question("hello"));
                assertThat(stream.recv()).isEqualTo(new Token("hello"));
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
        };
        Path file = Path.of(record(new ChatHandler(), transport, calls).toString());
        // Each event comes 100 ms after the one before it.
        AtomicInteger events = new AtomicInteger();
        Files.write(
                file,
                Files.readAllLines(file).stream()
                        .map(line -> line.replaceFirst(
                                "\"nanos\":\\d+", "\"nanos\":" + events.getAndIncrement() * 100_000_000L))
                        .toList());
        try (ConversationServer server = Conversation.read(file).atItsPace().playServer();
                Client client = client(server.address(), transport)) {
            long began = System.nanoTime();
            calls.make(new ChatClient(client));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(99));
            server.differences().verify();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TTHEADER", "GRPC"})
    void aServerThatWasLostIsLostAgain(Transport transport) throws Exception {
        Path file = folder.resolve("lost.ndjson");
        try (ScriptedPort port = ScriptedPort.open();
                ConversationRecorder recorder = ConversationRecorder.to("127.0.0.1", port.port(), file);
                Client client = client(recorder.address(), transport);
                var stream = new ChatClient(client).talk()) {
            stream.send(new Question("hello"));
            if (transport == Transport.GRPC) {
                GrpcPeer peer = port.acceptGrpc();
                peer.expect("DATA " + peer.expect("HEADERS *").stream());
                peer.close();
            } else {
                TTHeaderPeer peer = port.acceptTTHeader();
                peer.expect("Data " + peer.expect("Header *").stream());
                peer.close();
            }
            assertThat(catchThrowable(stream::recv)).isNotNull();
        }
        assertThat(Files.readString(file)).contains("\"close\"");
        try (ConversationServer server = Conversation.read(file).playServer();
                Client client = client(server.address(), transport);
                var stream = new ChatClient(client).talk()) {
            stream.send(new Question("hello"));
            assertThatThrownBy(stream::recv).isInstanceOf(RpcException.class);
        }
    }

    @Test
    void aClientOfHttp2IsKnownByItsFirstFourBytes() throws Exception {
        Conversation recorded = record(new ChatHandler(), Transport.GRPC, chat -> chat.greet(new Question("you")));
        try (ConversationServer server = recorded.playServer();
                Socket client = new Socket("127.0.0.1", server.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("PRI ".getBytes(StandardCharsets.US_ASCII));
            // A server of HTTP/2 begins with its settings, whatever else comes.
            byte[] head = client.getInputStream().readNBytes(9);
            assertThat(head[3]).isEqualTo((byte) 4);
        }
    }
}
