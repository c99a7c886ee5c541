package io.streamx.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.service.MethodDescriptor;
import io.streamx.thrift.Binary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormsTest {
    private static final Path IDL = Path.of("src/test/idl/everything.thrift");
    private static final GenericService PROBE = GenericService.load(IDL, "Probe");

    private static <T> T throughTheWire(GenericService service, String method, Form<T> form, T request) {
        MethodDescriptor<T, T> descriptor = FormCodecs.descriptor(service, service.method(method), form);
        ByteBuf bytes = Unpooled.buffer();
        descriptor.requestCodec().encode(request, bytes);
        T received = descriptor.requestCodec().decode(bytes);
        assertThat(bytes.isReadable()).isFalse();
        return received;
    }

    private static String echoed(String json) {
        return throughTheWire(PROBE, "echo", Form.json(), json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"flag\":true",
                "\"small\":-128",
                "\"short\":32767",
                "\"number\":-2147483648",
                "\"large\":9007199254740993",
                "\"real\":0.1",
                "\"real\":\"NaN\"",
                "\"real\":\"-Infinity\"",
                "\"text\":\"grüße 😀 \\\"\"",
                "\"bytes\":\"AP8=\"",
                "\"color\":\"GREEN\"",
                "\"color\":9",
                "\"inners\":[{\"id\":1},{\"id\":2,\"note\":\"x\",\"next\":{\"id\":3}}]",
                "\"colors\":[\"RED\",7]",
                "\"names\":{\"1\":\"a\",\"-2\":\"b\"}",
                "\"byInner\":[[{\"id\":1},5]]",
                "\"byFlag\":{\"true\":1.5}",
                "\"choice\":{\"text\":\"t\"}",
                "\"byBytes\":{\"AP8=\":[1,2]}",
                "\"lists\":[[1,2],[3]]"
            })
    void eachTypeOfTheIdlSurvivesTheWay(String member) {
        String message = "{" + member + "}";
        assertThat(echoed(message)).isEqualTo(message);
    }

    @Test
    void defaultsAreSentForFieldsThatAreNotOptionalAndReadForAll() {
        assertThat(throughTheWire(PROBE, "standing", Form.json(), "{}"))
                .isEqualTo("{\"given\":40,\"maybe\":7,\"words\":[\"a\",\"b\"],\"inner\":{\"id\":5}}");
        String own = "{\"given\":1,\"maybe\":2,\"words\":[],\"plain\":\"p\",\"inner\":{\"id\":6}}";
        assertThat(throughTheWire(PROBE, "standing", Form.json(), own)).isEqualTo(own);
    }

    @Test
    void nullIsAbsent() {
        assertThat(echoed("{\"text\":null,\"color\":null,\"number\":null}")).isEqualTo(echoed("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"number\":\"12\"} | 12",
                "{\"number\":12.0} | 12",
                "{\"number\":1.2e1} | 12",
            })
    void wholeNumbersAreTakenHoweverTheyAreWritten(String json, int expected) {
        assertThat(echoed(json)).isEqualTo("{\"number\":" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "{\"small\":300} | request.small: 300 (expected: i8, a whole number of -128 to 127)",
                "{\"number\":1.5} | request.number: 1.5 (expected: i32, a whole number",
                "{\"number\":\"x\"} | request.number: \"x\" (expected: i32",
                "{\"large\":9223372036854775808} | request.large: 9223372036854775808 (expected: i64",
                "{\"number\":1e999999999} | request.number: 1E+999999999 (expected: i32",
                "{\"real\":1e400} | request.real: 1E+400 (expected: a double",
                "{\"flag\":1} | request.flag: 1 (expected: true or false)",
                "{\"text\":5} | request.text: 5 (expected: a string)",
                "{\"bytes\":\"#\"} | request.bytes: \"#\" (expected: bytes in base64)",
                "{\"color\":\"BLUE\"} | request.color: \"BLUE\" (expected: a value of Color, one of RED, GREEN, or a number)",
                "{\"inners\":[{\"id\":1},{}]} | request.inners[1].id: absent (expected: a value, the field is required)",
                "{\"inners\":[null]} | request.inners[0]: null (expected: Inner)",
                "{\"choice\":{}} | request.choice: 0 members of union Choice [] (expected: exactly one)",
                "{\"choice\":{\"number\":1,\"text\":\"\"}} | request.choice: 2 members of union Choice",
                "{\"names\":{\"x\":\"a\"}} | request.names.key(\"x\"): \"x\" (expected: i32",
                "{\"byInner\":[[{\"id\":1},1],[{\"id\":1},2]]} | comes twice (expected: each key once)",
                "{\"txt\":\"a\"} | request.txt: Everything has no such field (expected: one of flag, small,",
                "[] | request: ArrayList [] (expected: an object with the fields of Everything)",
                "{\"text\":\"a\",\"text\":\"b\"} | JSON: Duplicate field",
                "{\"text\":\"a\"} x | JSON: ",
                "{\"text\": | JSON: ",
            })
    void whatDoesNotFitIsNamedWithItsPlace(String json, String error) {
        assertThatThrownBy(() -> echoed(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(error);
    }

    @Test
    void structsThatNestTooDeepAreRefusedBeforeTheyAreSent() {
        String nested = "{\"id\":1}";
        for (int i = 0; i < 80; i++) {
            nested = "{\"id\":1,\"next\":" + nested + "}";
        }
        String json = nested;
        assertThatThrownBy(() -> echoed("{\"inners\":[" + json + "]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("structs nest deeper than 64");
    }

    @Test
    void aTextThatNestsWithoutEndIsRefusedByItsDepth() {
        assertThatThrownBy(() -> echoed("[".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void longsAreStringsWhereAskedFor() {
        Form<String> strings = Form.json(JsonOptions.DEFAULT.withLongsAsStrings(true));
        assertThat(throughTheWire(PROBE, "echo", strings, "{\"large\":9007199254740993,\"number\":1}"))
                .contains("\"large\":\"9007199254740993\"")
                .contains("\"number\":1,\"large\"");
    }

    @Test
    void theOnlyArgumentIsTheRequestAndSeveralAreAnObject() {
        assertThat(throughTheWire(PROBE, "say", Form.json(), "\"hello\"")).isEqualTo("\"hello\"");
        assertThat(throughTheWire(PROBE, "sum", Form.json(), "{\"a\":1,\"b\":2}"))
                .isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(throughTheWire(PROBE, "ping", Form.json(), "{}")).isEqualTo("{}");
        assertThat(throughTheWire(PROBE, "next", Form.json(), "\"RED\"")).isEqualTo("\"RED\"");
    }

    @Test
    void valuesHaveTheClassOfTheirType() {
        Map<String, Object> sent = Map.of(
                "small",
                1,
                "large",
                2,
                "real",
                3,
                "bytes",
                new byte[] {1},
                "color",
                2,
                "colors",
                List.of("RED"),
                "names",
                Map.of(1L, "a"),
                "byInner",
                Map.of(Map.of("id", 4), 5L));
        assertThat(throughTheWire(PROBE, "echo", Form.values(), sent))
                .isEqualTo(Map.of(
                        "small",
                        (byte) 1,
                        "large",
                        2L,
                        "real",
                        3.0,
                        "bytes",
                        Binary.of((byte) 1),
                        "color",
                        "GREEN",
                        "colors",
                        Set.of("RED"),
                        "names",
                        Map.of(1, "a"),
                        "byInner",
                        Map.of(Map.of("id", 4), 5)));
    }

    @Test
    void textsAreNoNumbersAmongValues() {
        assertThatThrownBy(() -> throughTheWire(PROBE, "echo", Form.values(), Map.of("number", "12")))
                .hasMessage("request.number: \"12\" (expected: i32, a whole number of -2147483648 to 2147483647)");
    }

    @Test
    void fieldsThatTheIdlDoesNotKnowPassThrough() {
        GenericService older = GenericService.load(IDL, "Old");
        GenericService newer = GenericService.load(IDL, "New");
        MethodDescriptor<String, String> from = FormCodecs.descriptor(newer, newer.method("pass"), Form.json());
        MethodDescriptor<String, String> through = FormCodecs.descriptor(older, older.method("pass"), Form.json());
        String sent = "{\"text\":\"t\",\"number\":5,\"inners\":[{\"id\":1}]}";

        ByteBuf bytes = Unpooled.buffer();
        from.requestCodec().encode(sent, bytes);
        String seen = through.requestCodec().decode(bytes);
        assertThat(seen).startsWith("{\"text\":\"t\",\"#2\":").contains("\"#3\":");
        ByteBuf passedOn = Unpooled.buffer();
        through.requestCodec().encode(seen, passedOn);
        assertThat(from.requestCodec().decode(passedOn)).isEqualTo(sent);
    }

    @Test
    void whatIsNoFieldIsNotSentAsOne() {
        GenericService older = GenericService.load(IDL, "Old");
        for (String kept : List.of("\"AAAA\"", "\"CAACAAAABQ==\"", "\"CAADAAAABQ==\"", "\"CAACAAAA\"")) {
            String json = "{\"#2\":" + kept + "}";
            if (kept.startsWith("\"CAACAAAABQ")) {
                assertThat(throughTheWire(older, "pass", Form.json(), json)).isEqualTo(json);
            } else {
                assertThatThrownBy(() -> throughTheWire(older, "pass", Form.json(), json))
                        .as(kept)
                        .hasMessageContaining("expected: the bytes of that field as they were received");
            }
        }
    }

    @Test
    void anUnknownServiceMethodOrFileSaysWhatThereIs() {
        assertThatThrownBy(() -> GenericService.load(IDL, "Nope"))
                .hasMessageContaining("service: \"Nope\"")
                .hasMessageContaining("one of Base, Probe, Old, New");
        assertThatThrownBy(() -> PROBE.method("nope"))
                .hasMessageContaining("method: \"nope\"")
                .hasMessageContaining("ping, echo, standing");
        assertThatThrownBy(() -> GenericService.load(Path.of("src/test/idl/none.thrift"), "Probe"))
                .hasMessageContaining("no such file");
    }
}
