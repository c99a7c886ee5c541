package io.streamx.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KitexPayloadsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static Stream<JsonNode> payloads() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                KitexPayloadsTest.class.getResourceAsStream("/kitex/payloads.jsonl"), StandardCharsets.UTF_8))) {
            List<JsonNode> nodes = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                nodes.add(JSON.readTree(line));
            }
            return nodes.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void whatKitexWroteMeansTheSameHere(JsonNode payload) {
        ByteBuf in = bytes(payload);
        JsonNode message = payload.get("message");
        if (message != null) {
            MessageHeader header = MessageHeader.decode(in);
            assertThat(header.type().name().toLowerCase(Locale.ROOT))
                    .isEqualTo(message.get("type").asText());
            assertThat(header.name()).isEqualTo(message.get("name").asText());
            assertThat(header.seqId()).isEqualTo(message.get("seqId").asInt());
            ByteBuf again = Unpooled.buffer();
            header.encode(again);
            assertThat(again).isEqualTo(bytes(payload).readSlice(in.readerIndex()));
        }
        ThriftReader reader = new ThriftReader(in);
        JsonNode struct = struct(reader);
        reader.finish();
        assertThat(in.isReadable()).as("bytes after the struct").isFalse();
        assertThat(asDoubles(struct)).isEqualTo(asDoubles(payload.get("meaning")));
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void errorsThatKitexWroteAreReadAndWrittenTheSame(JsonNode payload) {
        JsonNode message = payload.get("message");
        if (message == null || !message.get("type").asText().equals("exception")) {
            return;
        }
        ExceptionMessage read = ExceptionMessage.decode(bytes(payload));
        JsonNode meaning = payload.get("meaning");
        assertThat(read.failure().getMessage())
                .startsWith(
                        meaning.get("1:string").isTextual()
                                ? meaning.get("1:string").asText()
                                : "");
        assertThat(read.failure().type()).isEqualTo(meaning.get("2:i32").asInt());
        ByteBuf again = Unpooled.buffer();
        read.encode(again);
        assertThat(ByteBufUtil.hexDump(again)).isEqualTo(payload.get("payload").asText());
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void skippingReadsEveryByteOnce(JsonNode payload) {
        ByteBuf in = bytes(payload);
        if (payload.has("message")) {
            MessageHeader.decode(in);
        }
        ByteBuf again = Unpooled.buffer();
        ThriftReader reader = new ThriftReader(in);
        ThriftWriter writer = new ThriftWriter(again);
        while (reader.readField() != ThriftType.STOP) {
            writer.writeRaw(reader.copyField());
        }
        writer.writeStop();
        writer.finish();
        assertThat(again).isEqualTo(in);
    }

    private static ByteBuf bytes(JsonNode payload) {
        return Unpooled.wrappedBuffer(
                ByteBufUtil.decodeHexDump(payload.get("payload").asText()));
    }

    private static JsonNode struct(ThriftReader in) {
        ObjectNode fields = NODES.objectNode();
        for (int field = in.readField(); field != ThriftType.STOP; field = in.readField()) {
            int type = field >> 16;
            String name = type == ThriftType.BYTE ? "i8" : ThriftType.name(type);
            fields.set((short) field + ":" + name, value(type, in));
        }
        return fields;
    }

    private static JsonNode value(int type, ThriftReader in) {
        return switch (type) {
            case ThriftType.BOOL -> NODES.booleanNode(in.readBool());
            case ThriftType.BYTE -> NODES.numberNode((double) in.readByte());
            case ThriftType.I16 -> NODES.numberNode((double) in.readI16());
            case ThriftType.I32 -> NODES.numberNode((double) in.readI32());
            case ThriftType.I64 -> NODES.numberNode((double) in.readI64());
            case ThriftType.DOUBLE -> NODES.textNode("double 0x%016x".formatted(in.readI64()));
            case ThriftType.STRING -> string(in.readBinary());
            case ThriftType.STRUCT -> struct(in);
            case ThriftType.MAP -> map(in);
            case ThriftType.SET, ThriftType.LIST -> elements(in);
            default -> throw new AssertionError("type " + type);
        };
    }

    private static JsonNode string(Binary bytes) {
        if (bytes.length() > 256) {
            return NODES.objectNode().put("length", (double) bytes.length());
        }
        try {
            return NODES.textNode(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return NODES.objectNode().put("hex", ByteBufUtil.hexDump(bytes.toByteArray()));
        }
    }

    private static JsonNode elements(ThriftReader in) {
        int type = in.readByte();
        ArrayNode elements = NODES.arrayNode();
        for (int size = in.readI32(); size > 0; size--) {
            elements.add(value(type, in));
        }
        return elements;
    }

    private static JsonNode map(ThriftReader in) {
        int keyType = in.readByte();
        int valueType = in.readByte();
        ArrayNode pairs = NODES.arrayNode();
        for (int size = in.readI32(); size > 0; size--) {
            pairs.add(NODES.arrayNode().add(value(keyType, in)).add(value(valueType, in)));
        }
        return NODES.objectNode().set("map", pairs);
    }

    /** The same with all numbers as doubles, as one form for both sides. */
    private static JsonNode asDoubles(JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = NODES.objectNode();
            node.properties().forEach(entry -> copy.set(entry.getKey(), asDoubles(entry.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = NODES.arrayNode();
            node.forEach(element -> copy.add(asDoubles(element)));
            return copy;
        }
        return node.isNumber() ? NODES.numberNode(node.asDouble()) : node;
    }
}
