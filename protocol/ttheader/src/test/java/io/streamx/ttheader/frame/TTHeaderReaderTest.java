package io.streamx.ttheader.frame;

import static io.streamx.ttheader.Frames.hex;
import static io.streamx.ttheader.frame.Bytes.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TTHeaderReaderTest {
    private final TTHeaderReader reader = new TTHeaderReader();

    // Sections

    @Test
    void sectionsComeInAnyOrderAndRepeatedAndTheLastEntryOfAKeyWins() {
        reader.read(frame("""
                        10 00
                        10 0002 001b 0001 33  0009 0001 61
                        01 0001 0001 6b 0001 31
                        10 0001 0009 0002 6262
                        01 0002 0001 6b 0001 32  0001 6c 0000
                        10 0001 001b 0001 34"""), 0);

        assertThat(reader.frameType()).isEqualTo(FrameType.TRAILER.number());
        assertThat(reader.method()).isEqualTo("bb");
        assertThat(reader.intEntries()).containsExactly(entry(27, "4"), entry(9, "bb"));
        assertThat(reader.stringEntries()).containsExactly(entry("k", "2"), entry("l", ""));
    }

    @Test
    void paddingMayStandBetweenSections() {
        reader.read(frame("10 00 00 00 10 0001 001b 0001 33 00 01 0001 0001 6b 0001 76 00 00"), 0);

        assertThat(reader.intEntries()).containsExactly(entry(27, "3"));
        assertThat(reader.stringEntries()).containsExactly(entry("k", "v"));
    }

    @Test
    void transformsAreSkippedUnread() {
        reader.read(frame("10 03 11 01 10 10 0001 001b 0001 33"), 0);

        assertThat(reader.frameType()).isEqualTo(FrameType.DATA.number());
        assertThat(reader.intEntries()).containsExactly(entry(27, "3"));
        assertThat(reader.stringEntries()).isNull();
    }

    @Test
    void anAbsentSectionIsNotAnEmptyOne() {
        reader.read(frame("10 00"), 0);
        assertThat(reader.intEntries()).isNull();
        assertThat(reader.stringEntries()).isNull();

        reader.read(frame("10 00 01 0000 10 0000"), 0);
        assertThat(reader.intEntries()).isEmpty();
        assertThat(reader.stringEntries()).isEmpty();
    }

    @Test
    void anAclTokenAppearsAmongTheStringEntriesAlsoWithoutSuchASection() {
        reader.read(frame("10 00 11 0003 746f6b"), 0);

        assertThat(reader.stringEntries()).containsExactly(entry("RPC_TRANSIT_gdpr-token", "tok"));
        assertThat(reader.intEntries()).isNull();
    }

    @Test
    void textIsUtf8() {
        String text = "grün 流 \uD83D\uDE00";
        ByteBuf header = Unpooled.buffer().writeBytes(hex("10 00 10 0001 0009"));
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        header.writeShort(utf8.length).writeBytes(utf8);

        reader.read(frame(ByteBufUtil.getBytes(header), new byte[0]), 0);

        assertThat(reader.method()).isEqualTo(text);
    }

    @Test
    void entriesCannotBeChanged() {
        reader.read(frame("10 00 01 0000 10 0000"), 0);

        assertThat(reader.intEntries()).isUnmodifiable();
        assertThat(reader.stringEntries()).isUnmodifiable();
    }

    @Test
    void aReaderForgetsTheFrameBefore() {
        reader.read(frame("10 00 10 0002 001b 0001 33 0009 0001 61 01 0001 0001 6b 0001 76"), 0);
        assertThat(reader.stringEntries()).isNotNull();
        reader.read(frame("00 00"), 0);

        assertThat(reader.protocolId()).isZero();
        assertThat(reader.frameType()).isEqualTo(TTHeaderReader.NO_FRAME_TYPE);
        assertThat(reader.method()).isNull();
        assertThat(reader.intEntries()).isNull();
        assertThat(reader.stringEntries()).isNull();
    }

    @Test
    void entriesOfNoFrameAreRefused() {
        assertThatThrownBy(reader::intEntries)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected: read first");
        reader.read(frame("10 00"), 0);
        reader.clear();
        assertThatThrownBy(reader::stringEntries).isInstanceOf(IllegalStateException.class);
    }

    // Frame types

    @Test
    void everyFrameTypeIsKnown() {
        for (FrameType type : FrameType.values()) {
            reader.read(frame("10 00 10 0001 001b 0001 3" + type.number()), 0);

            assertThat(reader.frameType()).isEqualTo(type.number());
            assertThat(reader.streamingFrameType()).isEqualTo(type);
        }
    }

    @ParameterizedTest
    @CsvSource({"0000,''", "0001 30,0", "0001 36,6", "0002 3033,03", "0002 3320,'3 '", "0001 0a,\\u000a"})
    void anUnknownFrameTypeIsNamed(String value, String shown) {
        reader.read(frame("10 00 10 0002 001b" + value + "0009 0001 61"), 0);

        assertThat(reader.frameType()).isEqualTo(TTHeaderReader.UNKNOWN_FRAME_TYPE);
        assertThatThrownBy(reader::streamingFrameType)
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("frame type \"" + shown + "\" at offset 23 (expected: \"1\" to \"5\")");
    }

    @Test
    void aFrameWithoutTypeIsNoStreamingFrame() {
        reader.read(frame("10 00 10 0001 0009 0001 61"), 0);

        assertThat(reader.frameType()).isEqualTo(TTHeaderReader.NO_FRAME_TYPE);
        assertThatThrownBy(reader::streamingFrameType)
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("no frame type")
                .hasMessageContaining("int entry 27");
    }

    @Test
    void aFrameWithoutTheStreamingFlagIsNoStreamingFrame() {
        ByteBuf frame = frame("10 00 10 0001 001b 0001 33");
        frame.setShort(6, 0x0001);
        reader.read(frame, 0);

        assertThatThrownBy(reader::streamingFrameType)
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("FLAGS 0x0001 at offset 6 (expected: 0x0002");
    }

    @Test
    void otherFlagsBesideTheStreamingOneDoNotMatter() {
        ByteBuf frame = frame("10 00 10 0001 001b 0001 33");
        frame.setShort(6, 0x801a);
        reader.read(frame, 0);

        assertThat(reader.flags()).isEqualTo(0x801a);
        assertThat(reader.streamingFrameType()).isEqualTo(FrameType.DATA);
    }

    // What is refused

    @ParameterizedTest
    @CsvSource({
        "02 00 00 00, 14, protocol id 0x02",
        "01 00 00 00, 14, protocol id 0x01",
        "ff 00 00 00, 14, protocol id 0xff",
        "10 03 00 00, 16, transform ids of 3 bytes",
        "10 00 02 00, 16, info id 0x02",
        "10 00 10 0000 ff 00 00, 19, info id 0xff",
        "10 00 00 10, 18, count of int entries of 2 bytes",
        "10 00 10 00, 17, count of int entries of 2 bytes",
        "10 00 00 01, 18, count of string entries of 2 bytes",
        "10 00 10 0001 001b 00, 19, int entry of 4 bytes",
        "10 00 00 00 10 0001 001b 0002 33, 25, value of an int entry of 2 bytes",
        "10 00 00 00 10 ffff 001b 0001 33, 26, int entry of 4 bytes",
        "10 00 00 00 01 0001 0004 61 00 00, 23, key of a string entry of 4 bytes",
        "10 00 00 01 0001 0001 61 0002 76, 25, value of a string entry of 2 bytes",
        "10 00 00 00 00 01 0001 0001 61 00, 25, value of a string entry of 2 bytes",
        "10 00 00 11, 18, ACL token of 2 bytes",
        "10 00 11 0005 746f6b, 19, ACL token of 5 bytes",
    })
    void anIllegalHeaderIsNamedWithItsOffset(String header, int offset, String found) {
        // Whole words, so that no padding completes an entry; nor may the payload.
        ByteBuf frame = frame(hex(header), hex("0000000000000000"));

        assertThatThrownBy(() -> reader.read(frame, 0))
                .isInstanceOfSatisfying(
                        FrameException.class, e -> assertThat(e.offset()).isEqualTo(offset))
                .hasMessageContaining("illegal TTHeader frame: " + found + " at offset " + offset + " (expected: ")
                .hasMessageContaining("first bytes: 0000");
    }

    @Test
    void aPeerThatSpeaksHttpIsFoundOutByItsFirstSixBytes() {
        ByteBuf http = Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n", StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> reader.frameLength(http.slice(0, 6), 0))
                .isInstanceOf(FrameException.class)
                .hasMessage("illegal TTHeader frame: magic 0x2f31 at offset 4 (expected: 0x1000); "
                        + "first bytes: 485454502f31 \"HTTP/1\"");
        assertThatThrownBy(() -> reader.read(http, 0)).hasMessageContaining("\"HTTP/1.1 400 Bad\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 13, 0x7fffffff, -1, 0x80000000, TTHeader.DEFAULT_MAX_FRAME_BYTES - 3})
    void aLengthOutOfRangeIsRefusedAsSoonAsItIsThere(int length) {
        ByteBuf frame = Unpooled.buffer().writeInt(length);

        assertThatThrownBy(() -> reader.frameLength(frame, 0))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("LENGTH " + Integer.toUnsignedString(length) + " at offset 0 (expected: 14 to "
                        + (TTHeader.DEFAULT_MAX_FRAME_BYTES - 4));
    }

    @Test
    void theLargestFrameIsAMessageOf16MibBehindTheLargestHeader() {
        ByteBuf frame = Unpooled.buffer()
                .writeInt(10 + 262140 + (16 << 20))
                .writeInt(0x10000002)
                .writeInt(1)
                .writeShort(0xffff);

        assertThat(reader.frameLength(frame, 0)).isEqualTo(14 + 262140 + (16 << 20));
    }

    @Test
    void theLimitOfAFrameCanBeSet() {
        ByteBuf frame = frame(hex("10 00 00 00"), new byte[10]);

        assertThat(new TTHeaderReader(4, 28).frameLength(frame, 0)).isEqualTo(28);
        assertThatThrownBy(() -> new TTHeaderReader(4, 27).frameLength(frame, 0))
                .hasMessageContaining("LENGTH 24 at offset 0 (expected: 14 to 23)");
        frame.setInt(0, Integer.MAX_VALUE - 4);
        assertThat(new TTHeaderReader(4, Integer.MAX_VALUE).frameLength(frame, 0))
                .isEqualTo(Integer.MAX_VALUE);
        frame.setInt(0, Integer.MAX_VALUE - 3);
        assertThatThrownBy(() -> new TTHeaderReader(4, Integer.MAX_VALUE).frameLength(frame, 0))
                .isInstanceOf(FrameException.class);
    }

    @Test
    void aHeaderIsReadBeforeItsPayloadHasArrived() {
        ByteBuf frame = frame(hex("10 00 10 0001 001b 0001 33"), new byte[1000]);

        reader.read(frame.slice(0, 14 + 12), 0);

        assertThat(reader.frameType()).isEqualTo(FrameType.DATA.number());
        assertThat(reader.payloadOffset()).isEqualTo(26);
        assertThat(reader.payloadLength()).isEqualTo(1000);
    }

    @Test
    void aHeaderOfNoBytesIsRefused() {
        ByteBuf frame = frame(new byte[0], new byte[8]);

        assertThatThrownBy(() -> reader.frameLength(frame, 0))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("HEADER SIZE of 0 bytes at offset 12 (expected: 4 to 8, as LENGTH 18 leaves)");
    }

    @Test
    void aHeaderLongerThanItsFrameIsRefused() {
        ByteBuf frame = frame("10 00 00 00");
        frame.setShort(12, 2);

        assertThatThrownBy(() -> reader.frameLength(frame, 0))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("HEADER SIZE of 8 bytes at offset 12 (expected: 4 to 4, as LENGTH 14 leaves)");
    }

    @Test
    void theLargestHeaderIsAcceptedUnlessTheLimitIsLower() {
        byte[] header = new byte[TTHeader.MAX_HEADER_BYTES];
        header[0] = 0x10;
        ByteBuf frame = frame(header, new byte[] {1});

        reader.read(frame, 0);
        assertThat(reader.payloadOffset()).isEqualTo(14 + 262140);
        assertThat(reader.payloadLength()).isEqualTo(1);
        assertThatThrownBy(() -> new TTHeaderReader(262136, Integer.MAX_VALUE).read(frame, 0))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("HEADER SIZE of 262140 bytes at offset 12 (expected: 4 to 262136)");
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new TTHeaderReader(262141, 1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxHeaderBytes: 262141 (expected: 4 to 262140)");
        assertThatThrownBy(() -> new TTHeaderReader(4, 17))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxFrameBytes: 17 (expected: at least 18)");
    }

    // Cost

    @Test
    void aDataFrameIsReadWithoutAllocating() {
        UnpooledByteBufAllocator untracked = new UnpooledByteBufAllocator(true, true);
        byte[] bytes = hex("0000002f 1000 0002 00000001 0006 10 00 10 0002 001b 0001 33 0009 0008 4563686f42696469 0000"
                + "0b00010000000568656c6c6f00");
        for (ByteBuf frame : new ByteBuf[] {untracked.directBuffer(), untracked.heapBuffer()}) {
            frame.writeBytes(bytes);
            assertThat(bytesAllocatedReading(frame, 20_000)).isLessThan(20_000);
            frame.release();
        }
    }

    private long bytesAllocatedReading(ByteBuf frame, int times) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < times; i++) {
            int length = reader.frameLength(frame, 0);
            reader.read(frame, 0);
            assert length == 51 && reader.streamingFrameType() == FrameType.DATA && reader.payloadLength() == 13;
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
