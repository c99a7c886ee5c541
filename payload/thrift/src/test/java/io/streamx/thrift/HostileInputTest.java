package io.streamx.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileInputTest {
    private static final String TEXT_FIELD = "0b0007" + "00000000";

    @Test
    void everyShorterPrefixIsAnError() {
        byte[] whole = ByteBufUtil.getBytes(RoundTripTest.encode(new Samples(5).next(4)));
        for (int length = 0; length < whole.length; length++) {
            ByteBuf prefix = Unpooled.wrappedBuffer(whole, 0, length);
            assertThatThrownBy(() -> Sample.CODEC.decode(prefix))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("at offset")
                    .satisfies(e -> assertThat(((ApplicationException) e).type())
                            .isEqualTo(ApplicationException.PROTOCOL_ERROR));
            assertThat(prefix.readerIndex()).isZero();
        }
    }

    @Test
    void mutatedBytesGiveAMessageOrAProtocolError() {
        Random random = new Random(6);
        byte[] whole = ByteBufUtil.getBytes(RoundTripTest.encode(new Samples(7).next(4)));
        for (int i = 0; i < 100_000; i++) {
            byte[] mutated = whole.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            decodeOrProtocolError(mutated);
        }
    }

    @Test
    void randomBytesGiveAMessageOrAProtocolError() {
        Random random = new Random(8);
        byte[] types = {0, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15};
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = random.nextInt(3) == 0 ? (byte) random.nextInt() : types[random.nextInt(types.length)];
            }
            decodeOrProtocolError(bytes);
        }
    }

    private static void decodeOrProtocolError(byte[] bytes) {
        try {
            Sample.CODEC.decode(Unpooled.wrappedBuffer(bytes));
        } catch (ApplicationException e) {
            assertThat(e.type()).isEqualTo(ApplicationException.PROTOCOL_ERROR);
        }
    }

    @Test
    void aNegativeLengthNamesFieldAndOffset() {
        assertThat(error("0b0007ffffffff"))
                .isEqualTo("Sample.text, field 7 (string) at offset 3: length -1 (expected: 0 to the 0 bytes that are"
                        + " left)");
    }

    @Test
    void aHugeLengthNamesFieldAndOffset() {
        assertThat(error("0b00087fffffff0102"))
                .isEqualTo(
                        "Sample.blob, field 8 (string) at offset 3: length 2147483647 (expected: 0 to the 2 bytes that"
                                + " are left)");
    }

    @Test
    void aMapThatClaimsAllThereIsIsRefused() {
        assertThat(error("0d000b0b0a7fffffff" + "00".repeat(20)))
                .isEqualTo("Sample.counts, field 11 (map) at offset 9: size 2147483647 of at least 12 bytes each"
                        + " (expected: 0 to what fits in the 20 bytes that are left)");
        assertThat(error("0d000b0b0a80000000" + "00".repeat(20))).contains("size -2147483648");
    }

    @Test
    void aSkippedContainerThatClaimsAllThereIsIsRefused() {
        assertThat(error("0f0063" + "027fffffff" + "00"))
                .isEqualTo("Sample, field 99 (list) at offset 8: size 2147483647 of at least 1 bytes each"
                        + " (expected: 0 to what fits in the 1 bytes that are left)");
    }

    @Test
    void elementsOfAnotherTypeAreAnError() {
        assertThat(error("0f0009" + "0a00000001" + "0000000000000001"))
                .isEqualTo("Sample.numbers, field 9 (list) at offset 8: elements are i64 (expected: i32)");
        assertThat(error("0d000b" + "0b0800000001" + "00000000" + "00000001"))
                .isEqualTo("Sample.counts, field 11 (map) at offset 9: values are i32 (expected: i64)");
    }

    @Test
    void anEmptyContainerMayBeOfAnyType() {
        Sample sample = decode("0f0009" + "0000000000" + "0d000b" + "000000000000" + TEXT_FIELD + "00");
        assertThat(sample.numbers()).isEmpty();
        assertThat(sample.counts()).isEmpty();
    }

    @Test
    void aKnownFieldOfAnotherTypeIsSkipped() {
        assertThat(decode("080007" + "00000001" + "0b0004" + "00000001" + "41" + TEXT_FIELD + "00"))
                .isEqualTo(decode(TEXT_FIELD + "00"));
    }

    @Test
    void unknownFieldsOfEveryTypeAreSkipped() {
        String unknown = "020100" + "01" + "030101" + "01" + "060102" + "0001" + "080103" + "00000001" + "0a0104"
                + "0000000000000001" + "040105" + "0000000000000001" + "0b0106" + "0000000141" + "0c0107"
                + "0801000000000100" + "0e0108" + "0b000000010000000141" + "0d0109" + "0b0c000000010000000141" + "00"
                + "0f010a" + "0800000002" + "0000000100000002" + "10010b" + "00".repeat(16) + "0f010c"
                + "1000000002" + "01".repeat(32);
        assertThat(decode(unknown + TEXT_FIELD + "00")).isEqualTo(decode(TEXT_FIELD + "00"));
    }

    @Test
    void aTypeThatDoesNotExistIsAnError() {
        assertThat(error("070001" + "00"))
                .isEqualTo("Sample.flag, field 1 (type 7) at offset 3: type 7 (expected: a Thrift type)");
        assertThat(error("0f0063" + "1100000001" + "00")).contains("type 17 (expected: a Thrift type)");
    }

    @Test
    void aRequiredFieldThatDoesNotComeIsNamed() {
        assertThat(error("00")).isEqualTo("required field text is not set in Sample, which ends at offset 1");
    }

    @Test
    void knownStructsNestToTheLimit() {
        String open = "0cfff3";
        assertThat(decode(open.repeat(63) + (TEXT_FIELD + "00").repeat(64)).next())
                .isNotNull();
        assertThat(error(open.repeat(64) + (TEXT_FIELD + "00").repeat(65))).endsWith("structs nest deeper than 64");
        assertThat(error(open.repeat(1_000_000))).endsWith("structs nest deeper than 64");
    }

    @Test
    void skippedValuesNestToTheLimit() {
        assertThat(error("0c0063".repeat(1_000_000))).endsWith("values nest deeper than 64");
        assertThat(error("0f0063" + "0f00000001".repeat(1_000_000))).endsWith("values nest deeper than 64");
        assertThat(error("0d0063" + "0d0d00000001".repeat(1_000_000))).endsWith("values nest deeper than 64");
        assertThat(decode("0c0063".repeat(63) + "00".repeat(63) + TEXT_FIELD + "00"))
                .isNotNull();
    }

    @Test
    void nestedContainersCannotClaimTheSameBytesAgain() {
        // Each level claims as many elements as bytes follow it; believing all of them would cost 60 times the message.
        int size = 1 << 20;
        ByteBuf message = Unpooled.buffer(2 * size);
        StructCodec<NestedLists> codec = NestedLists.CODEC;
        for (int level = 0; level < 60; level++) {
            message.writeByte(ThriftType.LIST)
                    .writeShort(1)
                    .writeByte(ThriftType.STRUCT)
                    .writeInt(size);
        }
        message.writeZero(size);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> codec.decode(message)).hasMessageContaining("size 1048576 of at least 1 bytes each");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16L * size);
    }

    /** A struct that holds a list of itself. */
    record NestedLists(List<NestedLists> children) {
        static final StructCodec<NestedLists> CODEC = new StructCodec<>("NestedLists") {
            @Override
            protected void writeFields(NestedLists value, ThriftWriter out) {
                out.writeListField(1, value.children, this);
            }

            @Override
            protected NestedLists readFields(ThriftReader in) {
                List<NestedLists> children = List.of();
                for (int field = in.readField(); field != ThriftType.STOP; field = in.readField()) {
                    switch (field) {
                        case ThriftType.LIST_FIELD | 1 -> children = in.readList(this);
                        default -> in.skipField();
                    }
                }
                return new NestedLists(children);
            }

            @Override
            protected String fieldName(int id) {
                return id == 1 ? "children" : null;
            }
        };
    }

    private static Sample decode(String hex) {
        return Sample.CODEC.decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private static String error(String hex) {
        ApplicationException e = catchThrowableOfType(ApplicationException.class, () -> decode(hex));
        assertThat(e).isNotNull();
        assertThat(e.type()).isEqualTo(ApplicationException.PROTOCOL_ERROR);
        return e.getMessage();
    }
}
