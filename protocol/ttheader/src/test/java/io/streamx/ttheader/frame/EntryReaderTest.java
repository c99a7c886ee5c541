package io.streamx.ttheader.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Entries that are read with the memory of earlier headers are those that are read without it. */
class EntryReaderTest {
    private static final int HEADERS = 5_000;
    private static final List<String> TEXTS = List.of(
            "", "k", "l", "key", "Schlüssel", "值", "x".repeat(127), "x".repeat(128), "x".repeat(129), "y".repeat(600));

    private final EntryReader reader = new EntryReader();
    private final Random random = new Random(19);

    private static void text(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    private String anyText() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private void section(ByteBuf out) {
        switch (random.nextInt(8)) {
            case 0 -> out.writeByte(TTHeader.INFO_PADDING);
            case 1 -> {
                out.writeByte(TTHeader.INFO_ACL_TOKEN);
                text(out, anyText());
            }
            case 2, 3, 4 -> {
                int count = random.nextInt(3);
                out.writeByte(TTHeader.INFO_INT_ENTRIES).writeShort(count);
                for (int i = 0; i < count; i++) {
                    out.writeShort(random.nextInt(3));
                    text(out, anyText());
                }
            }
            default -> {
                int count = random.nextInt(12);
                out.writeByte(TTHeader.INFO_STRING_ENTRIES).writeShort(count);
                for (int i = 0; i < count; i++) {
                    text(out, anyText());
                    text(out, anyText());
                }
            }
        }
    }

    @Test
    void whateverCameBefore() {
        for (int i = 0; i < HEADERS; i++) {
            ByteBuf header = random.nextBoolean() ? Unpooled.buffer() : Unpooled.directBuffer();
            int sections = random.nextInt(4);
            for (int j = 0; j < sections; j++) {
                section(header);
            }
            Entries expected = Entries.read(header, 0, header.writerIndex());
            // The header is read twice, because the reader knows all of its texts the second time.
            for (int j = 0; j < 2; j++) {
                Entries read = reader.read(header, 0, header.writerIndex());
                assertThat(read).isEqualTo(expected);
                assertThat(
                                read.strings() == null
                                        ? List.of()
                                        : List.copyOf(read.strings().entrySet()))
                        .as("order")
                        .isEqualTo(
                                expected.strings() == null
                                        ? List.of()
                                        : List.copyOf(expected.strings().entrySet()));
            }
            header.release();
        }
    }

    @Test
    void aFewTextsAreAMap() {
        FewTexts few = new FewTexts(3);
        few.add("a", "1");
        few.add("b", "2");
        few.add("a", "3");
        assertThat(few).isEqualTo(Map.of("a", "3", "b", "2")).hasSize(2);
        assertThat(few.get("b")).isEqualTo("2");
        assertThat(few.get("c")).isNull();
        assertThat(few.getOrDefault("c", "none")).isEqualTo("none");
        assertThat(few.containsKey("a")).isTrue();
        assertThat(few.containsKey("c")).isFalse();
    }
}
