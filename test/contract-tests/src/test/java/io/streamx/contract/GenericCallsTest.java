package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.RpcException;
import io.streamx.ServerStreamingServer;
import io.streamx.client.Client;
import io.streamx.generic.Form;
import io.streamx.generic.GenericClient;
import io.streamx.generic.GenericException;
import io.streamx.generic.GenericHandler;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls without generated classes, JSON at one end and plain values at the other. */
class GenericCallsTest extends OnEveryTransport {
    private static final String IDL = """
            namespace go probe
            struct Word { 1: required string text, 2: optional i64 count }
            exception Refused { 1: i32 code, 2: Word word }
            service Words {
                Word change(1: Word word) throws (1: Refused refused)
                i64 sum(1: i32 a, 2: i64 b)
                void nothing()
                Word upload(1: Word word) (streaming.mode = "client")
                Word download(1: Word word) (streaming.mode = "server")
                Word chat(1: Word word) (streaming.mode = "bidirectional")
            }
            """;

    @TempDir
    private Path dir;

    private GenericService words;

    @BeforeEach
    void load() throws IOException {
        words = GenericService.load(Files.writeString(dir.resolve("words.thrift"), IDL), "Words");
    }

    private GenericClient<String> json(Client client) {
        return words.client(client, Form.json());
    }

    private Client served() {
        return ends.connect(ends.serve(words.bind(Form.values(), new WordsHandler())));
    }

    /** Works on plain values. */
    private static final class WordsHandler implements GenericHandler<Object> {
        @Override
        public @Nullable Object unary(GenericMethod method, @Nullable Object request) {
            return switch (method.name()) {
                case "change" -> changed(word(request));
                case "sum" ->
                    (Integer) word(request).get("a") + (Long) word(request).get("b");
                default -> null;
            };
        }

        private static Object changed(Map<?, ?> word) {
            if (word.get("text").equals("refuse")) {
                throw new GenericException("Refused", Map.of("code", 7, "word", word));
            }
            if (word.get("text").equals("wrong")) {
                return Map.of("count", 1);
            }
            return Map.of("text", word.get("text") + "!", "count", 1);
        }

        @Override
        public void clientStreaming(GenericMethod method, ClientStreamingServer<Object, Object> stream) {
            List<Object> texts = new ArrayList<>();
            for (Object word : stream) {
                texts.add(word(word).get("text"));
            }
            stream.sendAndClose(Map.of("text", texts.toString()));
        }

        @Override
        public void serverStreaming(GenericMethod method, Object request, ServerStreamingServer<Object> stream) {
            for (int i = 0; i < 3; i++) {
                stream.send(Map.of("text", word(request).get("text"), "count", i));
            }
        }

        @Override
        public void bidiStreaming(GenericMethod method, BidiStreamingServer<Object, Object> stream) {
            for (Object word : stream) {
                stream.send(word);
            }
        }

        private static Map<?, ?> word(@Nullable Object value) {
            return (Map<?, ?>) value;
        }
    }

    @Test
    void unaryCallsHaveJsonAtOneEndAndValuesAtTheOther() {
        GenericClient<String> client = json(served());
        assertThat(client.call("change", "{\"text\":\"a\"}")).isEqualTo("{\"text\":\"a!\",\"count\":1}");
        assertThat(client.call("sum", "{\"a\":1,\"b\":9007199254740993}")).isEqualTo("9007199254740994");
        assertThat(client.call("nothing", null)).isNull();
        assertThat(client.callAsync("change", "{\"text\":\"b\"}").join()).isEqualTo("{\"text\":\"b!\",\"count\":1}");
    }

    @Test
    void streamsOfAllThreeKinds() {
        GenericClient<String> client = json(served());
        try (var stream = client.clientStreaming("upload")) {
            stream.send("{\"text\":\"a\"}");
            stream.send("{\"text\":\"b\"}");
            assertThat(stream.closeAndRecv()).isEqualTo("{\"text\":\"[a, b]\"}");
        }
        try (var stream = client.serverStreaming("download", "{\"text\":\"c\"}")) {
            assertThat(stream)
                    .containsExactly(
                            "{\"text\":\"c\",\"count\":0}",
                            "{\"text\":\"c\",\"count\":1}",
                            "{\"text\":\"c\",\"count\":2}");
        }
        try (var stream = client.bidiStreaming("chat")) {
            stream.send("{\"text\":\"d\",\"count\":5}");
            assertThat(stream.recv()).isEqualTo("{\"text\":\"d\",\"count\":5}");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void aDeclaredExceptionArrivesWithItsFields() {
        assertThatThrownBy(() -> json(served()).call("change", "{\"text\":\"refuse\"}"))
                .isInstanceOfSatisfying(GenericException.class, refused -> {
                    assertThat(refused.type()).isEqualTo("Refused");
                    assertThat(refused.fields()).isEqualTo(Map.of("code", 7, "word", Map.of("text", "refuse")));
                });
    }

    @Test
    void aReplyThatDoesNotFitIsAFailureThatNamesThePlace() {
        GenericClient<String> client = json(served());
        assertThatThrownBy(() -> client.call("change", "{\"text\":\"wrong\"}"))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("reply.text: absent");
        assertThat(client.call("change", "{\"text\":\"a\"}")).contains("a!");
    }

    @Test
    void aMessageThatDoesNotFitIsNotSentAndTheStreamGoesOn() {
        GenericClient<String> client = json(served());
        assertThatThrownBy(() -> client.call("change", "{\"txt\":\"a\"}"))
                .hasMessageContaining("request.txt: Word has no such field");
        try (var stream = client.bidiStreaming("chat")) {
            assertThatThrownBy(() -> stream.send("{}")).hasMessageContaining("request.text: absent");
            stream.send("{\"text\":\"fine\"}");
            assertThat(stream.recv()).isEqualTo("{\"text\":\"fine\"}");
        }
    }

    @Test
    void aMethodOfAnotherModeIsNamed() {
        assertThatThrownBy(() -> json(served()).call("chat", "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("method: Words/chat is BIDIRECTIONAL (expected: a method that is UNARY)");
    }
}
