package io.streamx.ttheader.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Headers that were prepared, with what each message adds. */
class PreparedHeaderTest {
    private static final int MAX_BYTES = 256;

    private final PreparedHeader prepared = new TTHeaderWriter(MAX_BYTES)
            .prepare(
                    TTHeader.Flags.OUT_OF_ORDER,
                    TTHeader.ProtocolId.THRIFT_BINARY,
                    Map.of(IntKey.TO_METHOD, "Say"),
                    Map.of(StringKey.IDL_SERVICE_NAME, "Echo"));

    private TTHeaderReader read(ByteBuf out, int at) {
        TTHeaderReader reader = new TTHeaderReader();
        assertThat(reader.frameLength(out, at)).isEqualTo(out.writerIndex() - at);
        reader.read(out, at);
        return reader;
    }

    @Test
    void hasWhatWasPreparedAndWhatIsAdded() {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(7);
        assertThat(prepared.write(out, 42, Map.of("user", "größe"), Map.of("trace", "t-1"), "150"))
                .isTrue();
        TTHeaderReader reader = read(out, 1);
        assertThat(reader.seqId()).isEqualTo(42);
        assertThat(reader.flags()).isEqualTo(TTHeader.Flags.OUT_OF_ORDER);
        assertThat(reader.payloadLength()).isZero();
        assertThat(reader.intEntries()).isEqualTo(Map.of(IntKey.TO_METHOD, "Say", IntKey.RPC_TIMEOUT, "150"));
        assertThat(reader.stringEntries())
                .isEqualTo(Map.of("isn", "Echo", "RPC_TRANSIT_trace", "t-1", "RPC_PERSIST_user", "größe"));
    }

    @Test
    void hasNothingMoreWhenNothingIsAdded() {
        ByteBuf out = Unpooled.buffer();
        assertThat(prepared.write(out, 1, Map.of(), Map.of(), null)).isTrue();
        TTHeaderReader reader = read(out, 0);
        assertThat(reader.intEntries()).isEqualTo(Map.of(IntKey.TO_METHOD, "Say"));
        assertThat(reader.stringEntries()).isEqualTo(Map.of("isn", "Echo"));
    }

    @Test
    void writesNothingOfWhatDoesNotFit() {
        ByteBuf out = Unpooled.buffer();
        assertThat(prepared.write(out, 1, Map.of(), Map.of("k", "v".repeat(MAX_BYTES)), null))
                .isFalse();
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void writesNoTextWhoseLengthHasNoRoom() {
        PreparedHeader large =
                new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES).prepare(0, 0, Map.of(), Map.of("isn", "Echo"));
        ByteBuf out = Unpooled.buffer();
        assertThat(large.write(out, 1, Map.of(), Map.of("k", "v".repeat(0x10000)), null))
                .isFalse();
        assertThat(large.write(out, 1, Map.of("k".repeat(0xffff), "v"), Map.of(), null))
                .isFalse();
        assertThat(out.isReadable()).isFalse();
        assertThat(large.write(out, 1, Map.of(), Map.of("k", "v".repeat(0xffff)), null))
                .isTrue();
    }

    @Test
    void leavesATokenToWhoKnowsItsSection() {
        ByteBuf out = Unpooled.buffer();
        assertThat(prepared.write(out, 1, Map.of(), Map.of("gdpr-token", "t"), null))
                .isFalse();
        assertThat(out.isReadable()).isFalse();
    }
}
