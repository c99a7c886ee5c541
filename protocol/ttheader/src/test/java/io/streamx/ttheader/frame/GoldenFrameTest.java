package io.streamx.ttheader.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Kitex wrote, and what is computed from the description of TTHeader. */
class GoldenFrameTest {
    static Stream<GoldenFrame> ttheaderFrames() {
        return GoldenFrame.all().filter(GoldenFrame::ttheader);
    }

    static Stream<GoldenFrame> allFrames() {
        return GoldenFrame.all();
    }

    static Stream<List<GoldenFrame>> conversations() {
        return GoldenFrame.conversations();
    }

    @Test
    void theCollectionIsComplete() {
        assertThat(GoldenFrame.frames()).hasSize(121);
        assertThat(GoldenFrame.conversations()).hasSize(112);
        assertThat(GoldenFrame.kitexProtobuf()).hasSize(14);
        assertThat(GoldenFrame.computed()).hasSize(14);
    }

    @ParameterizedTest
    @MethodSource("ttheaderFrames")
    void aCapturedFrameDecodesToItsFields(GoldenFrame golden) {
        assertSameFields(DecodedFrame.of(golden.bytes()), golden);
    }

    @ParameterizedTest
    @MethodSource("ttheaderFrames")
    void aFrameInTheMiddleOfADirectBufferDecodesToItsFields(GoldenFrame golden) {
        ByteBuf direct = UnpooledByteBufAllocator.DEFAULT.directBuffer(golden.bytes().length + 64);
        try {
            direct.writeZero(5).writeBytes(golden.bytes()).writeInt(0x10011001);
            assertSameFields(DecodedFrame.of(direct, 5), golden);
            assertThat(direct.readerIndex()).isZero();
        } finally {
            direct.release();
        }
    }

    @ParameterizedTest
    @MethodSource("ttheaderFrames")
    void theSameFieldsEncodeToAFrameThatDecodesToThem(GoldenFrame golden) {
        ByteBuf out = Unpooled.buffer();
        out.writeInt(0xcafe); // what is there already stays
        TTHeaderWriter writer = new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES);
        int start = writer.writeHeader(
                out, golden.flags(), golden.seqId(), golden.protocolId(), golden.ints(), golden.strings());
        out.writeBytes(golden.payload());
        TTHeaderWriter.patchLength(out, start);

        assertThat(start).isEqualTo(4);
        assertThat(out.getInt(0)).isEqualTo(0xcafe);
        assertThat(out.readableBytes() - 4).isEqualTo(golden.bytes().length);
        assertThat(out.getUnsignedShort(4 + 12) * 4).isEqualTo(golden.headerBytes());
        assertSameFields(DecodedFrame.of(out, start), golden);
    }

    @ParameterizedTest
    @MethodSource("ttheaderFrames")
    void everyShorterPrefixNeedsMore(GoldenFrame golden) {
        TTHeaderReader reader = new TTHeaderReader();
        int header = 14 + golden.headerBytes();
        for (int length = 0; length < golden.bytes().length; length++) {
            ByteBuf prefix = Unpooled.wrappedBuffer(Arrays.copyOf(golden.bytes(), length));

            assertThat(reader.frameLength(prefix, 0))
                    .isEqualTo(length < 14 ? TTHeaderReader.NEED_MORE : golden.bytes().length);
            if (length < header) {
                assertThatThrownBy(() -> reader.read(prefix, 0))
                        .isInstanceOf(FrameException.class)
                        .hasMessageContaining("end of data at offset " + length);
            } else {
                reader.read(prefix, 0);
                assertThat(reader.payloadLength()).isEqualTo(golden.payload().length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void aConversationReadsAsOneRunOfBytes(List<GoldenFrame> conversation) {
        ByteBuf all = Unpooled.buffer();
        conversation.stream().filter(GoldenFrame::ttheader).forEach(frame -> all.writeBytes(frame.bytes()));
        TTHeaderReader reader = new TTHeaderReader();
        for (GoldenFrame golden : conversation) {
            if (golden.ttheader()) {
                int length = reader.frameLength(all, all.readerIndex());
                assertThat(length).isEqualTo(golden.bytes().length);
                assertSameFields(DecodedFrame.of(all, all.readerIndex()), golden);
                all.skipBytes(length);
            }
        }
        assertThat(all.isReadable()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("allFrames")
    void theCarrierIsToldFromTheFirstEightBytes(GoldenFrame golden) {
        if (golden.carrier().isEmpty()) {
            return; // computed
        }
        ByteBuf frame = Unpooled.wrappedBuffer(golden.bytes());
        Carrier expected = switch (golden.carrier()) {
            case "ttheader-streaming" -> Carrier.TTHEADER_STREAMING;
            case "ttheader", "ttheader-framed" -> Carrier.TTHEADER;
            case "framed" -> Carrier.THRIFT_FRAMED;
            case "buffered" -> Carrier.THRIFT_BUFFERED;
            default -> throw new AssertionError(golden.carrier());
        };
        assertThat(Carrier.ofConnection(frame, 0)).isEqualTo(expected);
        assertThat(Carrier.ofConnection(frame.slice(0, 7), 0)).isEqualTo(Carrier.NEED_MORE);
        if (expected == Carrier.TTHEADER) {
            Carrier payload = golden.carrier().equals("ttheader") ? Carrier.THRIFT_BUFFERED : Carrier.THRIFT_FRAMED;
            assertThat(Carrier.ofPayload(frame, 14 + golden.headerBytes()))
                    .isEqualTo(golden.name().startsWith("kitex-pb/") ? Carrier.KITEX_PROTOBUF_FRAMED : payload);
        }
    }

    private static void assertSameFields(DecodedFrame decoded, GoldenFrame golden) {
        assertThat(decoded.flags()).isEqualTo(golden.flags());
        assertThat(decoded.seqId()).isEqualTo(golden.seqId());
        assertThat(decoded.protocolId()).isEqualTo(golden.protocolId());
        assertThat(decoded.ints()).isEqualTo(golden.ints());
        assertThat(decoded.strings()).isEqualTo(golden.strings());
        assertThat(decoded.payload()).isEqualTo(golden.payload());
        assertThat(decoded.method())
                .isEqualTo(golden.ints() == null ? null : golden.ints().get(9));
        if (golden.flags() == TTHeader.Flags.STREAMING && !golden.type().isEmpty()) {
            assertThat(decoded.type()).hasToString(golden.type());
        }
    }
}
