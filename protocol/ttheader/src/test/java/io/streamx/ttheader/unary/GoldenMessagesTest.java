package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.PingPong;
import io.streamx.net.FrameCutter;
import io.streamx.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The unary messages captured from Kitex. */
class GoldenMessagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Golden(String name, JsonNode frame) {
        byte[] bytes() {
            return HexFormat.of().parseHex(frame.get("hex").asText());
        }

        PingPong carrier() {
            return PingPong.valueOf(
                    frame.get("carrier").asText().toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Keeps what is cut. */
    private static final class Kept implements MessageFraming.Receiver {
        final List<ReceivedMessage> messages = new ArrayList<>();

        @Override
        public void onMessage(ReceivedMessage message) {
            messages.add(message);
        }

        @Override
        public void onOversized(ReceivedMessage head, long messageBytes) {
            throw new AssertionError(head + " has " + messageBytes + " bytes");
        }

        @Override
        public boolean isPaused() {
            return false;
        }
    }

    private final Kept kept = new Kept();
    private final FrameCutter cutter = new FrameCutter(new MessageFraming(Limits.DEFAULT, kept));

    static Stream<Golden> messages() throws IOException {
        List<Golden> messages = new ArrayList<>();
        for (JsonNode line : lines("frames")) {
            if (!line.get("carrier").asText().equals("ttheader-streaming")) {
                messages.add(new Golden(line.get("name").asText(), line));
            }
        }
        for (JsonNode line : lines("conversations")) {
            for (JsonNode frame : line.get("frames")) {
                if (frame.has("hex") && !frame.get("carrier").asText().equals("ttheader-streaming")) {
                    messages.add(new Golden(line.get("name").asText() + " #" + messages.size(), frame));
                }
            }
        }
        return messages.stream();
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                GoldenMessagesTest.class.getResourceAsStream("/golden/ttheader/" + file + ".jsonl"),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageIsReadAsKitexMeantIt(Golden golden) {
        cutter.feed(Unpooled.wrappedBuffer(golden.bytes()));

        assertThat(kept.messages).hasSize(1);
        check(golden, kept.messages.getFirst());
        assertThat(cutter.isWithinFrame()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageInPiecesIsWholeAtItsLastByteAndNotBefore(Golden golden) {
        byte[] bytes = golden.bytes();
        for (int i = 0; i < bytes.length; i++) {
            assertThat(kept.messages).isEmpty();
            cutter.feed(Unpooled.wrappedBuffer(bytes, i, 1));
        }

        assertThat(kept.messages).hasSize(1);
        check(golden, kept.messages.getFirst());
    }

    private static void check(Golden golden, ReceivedMessage message) {
        JsonNode frame = golden.frame;
        JsonNode envelope = frame.get("message");
        assertThat(message.carrier()).isEqualTo(golden.carrier());
        assertThat(message.header().name()).isEqualTo(envelope.get("name").asText());
        assertThat(message.header().seqId()).isEqualTo(envelope.get("seqId").asInt());
        assertThat(message.header().type().name().toLowerCase(Locale.ROOT))
                .isEqualTo(envelope.get("type").asText());
        assertThat(message.flags()).isEqualTo(Integer.decode(frame.path("flags").asText("0")));
        assertThat(message.frameSeqId())
                .isEqualTo(
                        frame.has("seqId")
                                ? frame.get("seqId").asInt()
                                : message.header().seqId());
        Map<String, String> ints = new TreeMap<>();
        message.ints().forEach((key, value) -> ints.put(key.toString(), value));
        assertThat(ints).isEqualTo(entries(frame.path("intKV")));
        Map<String, String> strings = new TreeMap<>(message.strings());
        strings.remove("RPC_TRANSIT_gdpr-token");
        assertThat(strings).isEqualTo(entries(frame.path("strKV")));
        assertThat(frame.get("payload").asText()).endsWith(ByteBufUtil.hexDump(message.struct()));
    }

    private static Map<String, String> entries(JsonNode node) {
        Map<String, String> entries = new TreeMap<>();
        node.properties().forEach(e -> entries.put(e.getKey(), e.getValue().asText()));
        return entries;
    }

    @Test
    void messagesOfAllCarriersFollowEachOtherOnOneConnection() throws IOException {
        List<Golden> all = messages().toList();
        ByteBuf stream = Unpooled.buffer();
        all.forEach(golden -> stream.writeBytes(golden.bytes()));

        // Of a size that no message has, so that the cuts wander through all of them.
        while (stream.isReadable()) {
            cutter.feed(stream.readSlice(Math.min(stream.readableBytes(), 97)));
        }

        assertThat(kept.messages).hasSameSizeAs(all);
        for (int i = 0; i < all.size(); i++) {
            check(all.get(i), kept.messages.get(i));
        }
    }
}
