package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.thrift.ThriftWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structs with many fields: a Java constructor takes 254 at most, where long and double count twice. */
class WideStructTest {
    private static final String LONG_TEXT = "x\u00e9".repeat(100_000);

    @TempDir
    static Path directory;

    private static CompiledIdl idl;

    @BeforeAll
    static void compile() throws Exception {
        idl = CompiledIdl.of(
                "namespace java compiled\n" + wide("struct Hundred", 100, "required")
                        + wide("struct FourHundred", 400, "required") + wide("struct Optionals", 300, "optional")
                        + wide("exception Thrown", 300, "") + "const string TEXT = \"" + LONG_TEXT + "\"\n",
                directory);
    }

    private static String wide(String head, int fields, String requiredness) {
        StringBuilder idl = new StringBuilder(head).append(" {\n");
        for (int id = 1; id <= fields; id++) {
            idl.append(id)
                    .append(": ")
                    .append(requiredness)
                    .append(id % 3 == 0 ? " double f" : " i64 f")
                    .append(id);
            idl.append('\n');
        }
        return idl.append("}\n").toString();
    }

    @AfterAll
    static void close() throws Exception {
        idl.close();
    }

    @Test
    void aStructOf100FieldsIsARecord() throws Exception {
        assertThat(idl.type("Hundred").isRecord()).isTrue();
        copies("Hundred", 100);
    }

    @Test
    void aStructOf400FieldsIsAClassWithABuilder() throws Exception {
        assertThat(idl.type("FourHundred").isRecord()).isFalse();
        copies("FourHundred", 400);
        ByteBuf empty = Unpooled.buffer().writeZero(1);
        assertThatThrownBy(() -> idl.copy("FourHundred", empty, Unpooled.buffer()))
                .hasMessageStartingWith("required field f1 is not set");
    }

    @Test
    void aStructOf300OptionalFieldsIsWrittenWithoutThoseNotSet() throws Exception {
        copies("Optionals", 5);
    }

    @Test
    void anExceptionOf300FieldsIsBuilt() throws Exception {
        copies("Thrown", 300);
    }

    private static void copies(String struct, int fields) throws ReflectiveOperationException {
        ByteBuf in = Unpooled.buffer();
        ThriftWriter writer = new ThriftWriter(in);
        for (int id = 1; id <= fields; id++) {
            if (id % 3 == 0) {
                writer.writeDoubleField(id, id + 0.5);
            } else {
                writer.writeI64Field(id, id);
            }
        }
        writer.writeStop();
        writer.finish();
        ByteBuf out = Unpooled.buffer();
        idl.copy(struct, in.duplicate(), out);
        assertThat(out).isEqualTo(in);
    }

    @Test
    void literalsOfAnyLengthCompile() throws Exception {
        assertThat(idl.type("CompiledConstants").getField("TEXT").get(null)).isEqualTo(LONG_TEXT);
    }
}
