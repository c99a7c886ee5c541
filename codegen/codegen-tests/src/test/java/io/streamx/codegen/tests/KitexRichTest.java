package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.thrift.MessageHeader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scenario.Rich;
import scenario.ScenarioServiceMethods;

/** The struct with every type, as Kitex wrote it in streams and in unary calls and replies. */
class KitexRichTest {
    static List<JsonNode> payloads() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> payloads = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                KitexRichTest.class.getResourceAsStream("/kitex/rich.jsonl"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                payloads.add(json.readTree(line));
            }
        }
        return payloads;
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void everyValueThatKitexWroteIsRead(JsonNode payload) {
        assertThat(PlainValues.of(rich(payload))).isEqualTo(PlainValues.withoutNames(payload.get("values")));
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void whatIsWrittenIsByteForByteWhatKitexWrote(JsonNode payload) {
        Rich rich = rich(payload);
        ByteBuf again = Unpooled.buffer();
        JsonNode message = payload.get("message");
        if (message == null) {
            Rich.CODEC.encode(rich, again);
        } else {
            MessageHeader header = MessageHeader.decode(bytes(payload));
            header.encode(again);
            if (header.type() == MessageHeader.Type.CALL) {
                ScenarioServiceMethods.RichUnaryArgs.CODEC.encode(
                        new ScenarioServiceMethods.RichUnaryArgs(rich), again);
            } else {
                ScenarioServiceMethods.RICH_UNARY.resultCodec().encodeResult(rich, again);
            }
        }
        assertThat(ByteBufUtil.hexDump(again)).isEqualTo(payload.get("payload").asText());
    }

    private static Rich rich(JsonNode payload) {
        ByteBuf in = bytes(payload);
        if (!payload.has("message")) {
            return Rich.CODEC.decode(in);
        }
        MessageHeader header = MessageHeader.decode(in);
        return header.type() == MessageHeader.Type.CALL
                ? ScenarioServiceMethods.RichUnaryArgs.CODEC.decode(in).req()
                : ScenarioServiceMethods.RICH_UNARY.resultCodec().decode(in);
    }

    private static ByteBuf bytes(JsonNode payload) {
        return Unpooled.wrappedBuffer(
                ByteBufUtil.decodeHexDump(payload.get("payload").asText()));
    }
}
