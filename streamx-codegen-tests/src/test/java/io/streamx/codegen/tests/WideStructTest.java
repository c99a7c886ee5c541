package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.thrift.ThriftWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structs with many fields: a Java constructor takes 254 at most, where long and double count twice. */
class WideStructTest {
    @TempDir
    Path directory;

    @Test
    void aStructOf100FieldsIsARecord() throws Exception {
        try (CompiledIdl idl = CompiledIdl.of(wide(100, "required"), directory)) {
            assertThat(idl.type("Wide").isRecord()).isTrue();
            copies(idl, 100);
        }
    }

    @Test
    void aStructOf400FieldsIsAClassWithABuilder() throws Exception {
        try (CompiledIdl idl = CompiledIdl.of(wide(400, "required"), directory)) {
            assertThat(idl.type("Wide").isRecord()).isFalse();
            copies(idl, 400);
            ByteBuf empty = Unpooled.buffer().writeZero(1);
            assertThatThrownBy(() -> idl.copy("Wide", empty, Unpooled.buffer()))
                    .hasMessageStartingWith("required field f1 is not set");
        }
    }

    @Test
    void aStructOf300OptionalFieldsIsWrittenWithoutThoseNotSet() throws Exception {
        try (CompiledIdl idl = CompiledIdl.of(wide(300, "optional"), directory)) {
            copies(idl, 5);
        }
    }

    @Test
    void anExceptionOf300FieldsIsBuilt() throws Exception {
        try (CompiledIdl idl = CompiledIdl.of(wide(300, "").replace("struct", "exception"), directory)) {
            copies(idl, 300);
        }
    }

    private static String wide(int fields, String requiredness) {
        StringBuilder idl = new StringBuilder("namespace java compiled\nstruct Wide {\n");
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

    private static void copies(CompiledIdl idl, int fields) throws ReflectiveOperationException {
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
        idl.copy("Wide", in.duplicate(), out);
        assertThat(out).isEqualTo(in);
    }

    @Test
    void literalsOfAnyLengthCompile() throws Exception {
        String text = "x\u00e9".repeat(100_000);
        try (CompiledIdl idl =
                CompiledIdl.of("namespace java compiled\nconst string TEXT = \"" + text + "\"\n", directory)) {
            assertThat(idl.type("CompiledConstants").getField("TEXT").get(null)).isEqualTo(text);
        }
    }
}
