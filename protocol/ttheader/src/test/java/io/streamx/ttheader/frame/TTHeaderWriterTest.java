package io.streamx.ttheader.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ttheader.Frames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TTHeaderWriterTest {
    private static final int STREAMING = TTHeader.Flags.STREAMING;
    private static final int STRUCT = TTHeader.ProtocolId.THRIFT_STRUCT;

    private final TTHeaderWriter writer = new TTHeaderWriter();

    @Test
    void aFrameWithoutEntriesHasAHeaderOfOneWord() {
        ByteBuf out = Unpooled.buffer();
        writer.writeHeader(out, 0, 7, 0, null, null);

        assertThat(out).isEqualTo(Unpooled.wrappedBuffer(Frames.hex("0000000e 1000 0000 00000007 0001 00000000")));
    }

    @Test
    void emptySectionsAreLeftOut() {
        ByteBuf out = Unpooled.buffer();
        writer.writeHeader(out, 0, 7, 0, Map.of(), Map.of());

        assertThat(out.readableBytes()).isEqualTo(18);
    }

    @Test
    void theAclTokenGoesIntoItsOwnSection() {
        ByteBuf out = Unpooled.buffer();
        writer.writeHeader(out, 0, 7, 0, null, Map.of(StringKey.ACL_TOKEN, "tok"));

        assertThat(out)
                .isEqualTo(Unpooled.wrappedBuffer(Frames.hex("00000012 1000 0000 00000007 0002 00 00 11 0003 746f6b")));
    }

    @Test
    void theAclTokenIsNotCountedAmongOtherEntries() {
        ByteBuf out = Unpooled.buffer();
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("a", "1");
        entries.put(StringKey.ACL_TOKEN, "tok");
        entries.put("b", "2");
        writer.writeHeader(out, 0, 7, 0, null, entries);

        assertThat(DecodedFrame.of(out, 0).strings()).isEqualTo(entries);
        assertThat(out.getByte(16)).isEqualTo((byte) 0x11);
        assertThat(out.getUnsignedShort(23)).as("count").isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "abcd", "grün", "流", "\uD83D\uDE00"})
    void paddingFillsTheLastWord(String method) {
        ByteBuf out = Unpooled.buffer();
        int start = writer.writeHeader(out, STREAMING, -5, STRUCT, Map.of(9, method), null);
        out.writeInt(0xffffffff);
        TTHeaderWriter.patchLength(out, start);

        DecodedFrame frame = DecodedFrame.of(out, start);
        assertThat(frame.seqId()).isEqualTo(-5);
        assertThat(frame.method()).isEqualTo(method);
        assertThat(frame.payload()).containsExactly(0xff, 0xff, 0xff, 0xff);
    }

    @Test
    void aLoneSurrogateIsWrittenAsAQuestionMark() {
        ByteBuf out = Unpooled.buffer();
        writer.writeHeader(out, 0, 1, 0, null, Map.of("k", "a\uD83Db"));

        assertThat(DecodedFrame.of(out, 0).strings()).containsExactly(entry("k", "a?b"));
    }

    @Test
    void aTemplateIsAFrameThatOnlyLacksItsPayload() {
        byte[] template = writer.template(STREAMING, -7, STRUCT, FrameType.DATA, "Echo");
        ByteBuf out = Unpooled.buffer();
        for (String payload : new String[] {"00", "0b00010000000161 00"}) {
            int start = out.writerIndex();
            out.writeBytes(template).writeBytes(Frames.hex(payload));
            TTHeaderWriter.patchLength(out, start);

            DecodedFrame frame = DecodedFrame.of(out, start);
            assertThat(frame.type()).isEqualTo(FrameType.DATA);
            assertThat(frame.seqId()).isEqualTo(-7);
            assertThat(frame.flags()).isEqualTo(STREAMING);
            assertThat(frame.protocolId()).isEqualTo(STRUCT);
            assertThat(frame.method()).isEqualTo("Echo");
            assertThat(frame.strings()).isNull();
            assertThat(frame.payload()).isEqualTo(Frames.hex(payload));
        }
    }

    @Test
    void aTemplateServesEveryStreamOfItsMethod() {
        byte[] template = writer.template(STREAMING, 0, STRUCT, FrameType.TRAILER, "Echo");
        ByteBuf out = Unpooled.buffer().writeBytes(template).setInt(TTHeader.SEQ_ID_OFFSET, 77);

        assertThat(DecodedFrame.of(out, 0).seqId()).isEqualTo(77);
        assertThat(DecodedFrame.of(out, 0).method()).isEqualTo("Echo");
    }

    @Test
    void aTemplateOfATrailerIsACompleteFrame() {
        byte[] template = writer.template(STREAMING, 1, STRUCT, FrameType.TRAILER, "EchoBidi");

        assertThat(template)
                .isEqualTo(Frames.hex("00000022100000020000000100061000100002001b000134000900084563686f426964690000"));
    }

    @Test
    void keysAndValuesOf65535BytesAreWrittenAndLargerOnesNamed() {
        TTHeaderWriter large = new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES);
        String most = "x".repeat(65535);
        ByteBuf out = Unpooled.buffer();
        large.writeHeader(out, 0, 1, 0, Map.of(9, most), Map.of(most, most));
        assertThat(DecodedFrame.of(out, 0).strings()).containsExactly(entry(most, most));
        assertThat(DecodedFrame.of(out, 0).method()).isEqualTo(most);

        String tooMuch = "ü".repeat(32768);
        assertRefused(large, Map.of(), Map.of("k", tooMuch), "entry \"k\": value of 65536 bytes", "at most 65535");
        assertRefused(large, Map.of(), Map.of(tooMuch, ""), "entry \"üüü", "key of 65536 bytes", "at most 65535");
        assertRefused(large, Map.of(9, tooMuch), Map.of(), "entry 9: value of 65536 bytes", "at most 65535");
        assertRefused(
                large,
                Map.of(),
                Map.of(StringKey.ACL_TOKEN, tooMuch),
                "entry \"RPC_TRANSIT_gdpr-token\": value of 65536 bytes");
    }

    @Test
    void aHeaderBeyondTheLimitNamesItsSizeAndTheLargestEntry() {
        // 2 + section of 3 + entry of 4 + key of 1 + value, padded
        String most = "x".repeat(TTHeader.DEFAULT_MAX_HEADER_BYTES_SENT - 10);
        ByteBuf out = Unpooled.buffer();
        writer.writeHeader(out, 0, 1, 0, null, Map.of("k", most));
        assertThat(out.getUnsignedShort(12) * 4).isEqualTo(65532);

        assertRefused(
                writer,
                Map.of(9, "Echo"),
                Map.of("k", most),
                "TTHeader of 65544 bytes in 2 entries",
                "the largest \"k\" with 65527 bytes",
                "at most 65532 bytes");
    }

    @Test
    void moreEntriesThanASectionCountsAreRefused() {
        Map<Integer, String> entries =
                IntStream.range(0, 65536).boxed().collect(Collectors.toMap(key -> key, key -> ""));
        TTHeaderWriter large = new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES);

        assertRefused(large, entries, Map.of(), "65536 entries", "at most 262140 bytes");
    }

    @Test
    void aMissingValueIsNamed() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("k", null);

        assertThatThrownBy(() -> writer.writeHeader(Unpooled.buffer(), 0, 1, 0, null, entries))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("value of entry \"k\"");
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        assertRefused(writer, Map.of(65536, ""), Map.of(), "int entry 65536 (expected: a key of 0 to 65535)");
        assertRefused(writer, Map.of(-1, ""), Map.of(), "int entry -1 (expected: a key of 0 to 65535)");
        assertThatThrownBy(() -> writer.writeHeader(Unpooled.buffer(), 0x10000, 1, 0, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("flags: 65536");
        assertThatThrownBy(() -> writer.writeHeader(Unpooled.buffer(), 0, 1, 2, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("protocol id: 2");
        assertThatThrownBy(() -> new TTHeaderWriter(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxHeaderBytes: 3 (expected: 4 to 262140)");
    }

    private static void assertRefused(
            TTHeaderWriter writer, Map<Integer, String> ints, Map<String, String> strings, String... named) {
        ByteBuf out = Unpooled.buffer();
        assertThatThrownBy(() -> writer.writeHeader(out, 0, 1, 0, ints, strings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(named);
        assertThat(out.writerIndex()).as("bytes written").isZero();
    }
}
