package io.streamx.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TMap;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TSet;
import org.apache.thrift.transport.TMemoryBuffer;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final List<Supplier<ByteBuf>> BUFFERS = List.of(
            () -> Unpooled.buffer(1),
            () -> Unpooled.buffer(64 << 10),
            () -> Unpooled.directBuffer(1),
            () -> Unpooled.compositeBuffer().addComponent(true, Unpooled.buffer(8)),
            () -> ByteBufAllocator.DEFAULT.heapBuffer(16));

    @Test
    void anySampleComesBackFromEveryKindOfBuffer() {
        Samples samples = new Samples(1);
        for (int i = 0; i < 2_000; i++) {
            Sample sample = samples.next(3);
            ByteBuf buffer = BUFFERS.get(i % BUFFERS.size()).get();
            try {
                buffer.writeByte(99).readByte();
                Sample.CODEC.encode(sample, buffer);
                buffer.writeByte(98);
                assertThat(Sample.CODEC.decode(buffer)).isEqualTo(sample);
                assertThat(buffer.readByte()).as("what follows the message").isEqualTo((byte) 98);
            } finally {
                buffer.release();
            }
        }
    }

    @Test
    void bytesAreThoseOfTheApacheLibrary() throws TException {
        Samples samples = new Samples(2);
        for (int i = 0; i < 500; i++) {
            Sample sample = samples.next(3);
            TMemoryBuffer apache = new TMemoryBuffer(256);
            write(sample, new TBinaryProtocol(apache));
            assertThat(ByteBufUtil.hexDump(encode(sample)))
                    .isEqualTo(ByteBufUtil.hexDump(apache.getArray(), 0, apache.length()));
        }
    }

    @Test
    void orderOfSetsAndMapsIsKept() {
        Sample sample = new Sample(
                false,
                (byte) 0,
                (short) 0,
                0,
                0,
                0,
                "",
                Binary.EMPTY,
                List.of(),
                Immutable.copyOf(new LinkedHashSet<>(List.of("z", "a", "m")), "tags"),
                Immutable.copyOf(new TreeMap<>(Map.of("b", 1L, "a", 2L)).descendingMap(), "counts"),
                Map.of(),
                null);
        Sample back = Sample.CODEC.decode(encode(sample));
        assertThat(back.tags()).containsExactly("z", "a", "m");
        assertThat(back.counts().keySet()).containsExactly("b", "a");
    }

    @Test
    void collectionsReadCannotBeChanged() {
        Sample sample = new Sample(
                false,
                (byte) 0,
                (short) 0,
                0,
                0,
                0,
                "",
                Binary.EMPTY,
                List.of(1),
                Set.of("a"),
                Map.of("a", 1L),
                Map.of(),
                null);
        Sample back = Sample.CODEC.decode(encode(sample));
        assertThatThrownBy(() -> back.numbers().set(0, 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> back.tags().remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> back.counts().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void failingToEncodeLeavesTheBufferAsItWas() {
        Sample broken = new Sample(
                false,
                (byte) 0,
                (short) 0,
                0,
                0,
                0,
                "x".repeat(1000),
                Binary.EMPTY,
                Arrays.asList(1, null),
                Set.of(),
                Map.of(),
                Map.of(),
                null);
        ByteBuf buffer = Unpooled.buffer(4).writeByte(1);
        assertThatThrownBy(() -> Sample.CODEC.encode(broken, buffer)).isInstanceOf(NullPointerException.class);
        assertThat(ByteBufUtil.hexDump(buffer)).isEqualTo("01");
    }

    @Test
    void halfASurrogatePairBecomesAQuestionMark() {
        Sample back = Sample.CODEC.decode(encode(Sample.small("a\ud83d")));
        assertThat(back.text()).isEqualTo("a?");
    }

    static ByteBuf encode(Sample sample) {
        ByteBuf buffer = Unpooled.buffer();
        Sample.CODEC.encode(sample, buffer);
        return buffer;
    }

    private static void write(Sample sample, TProtocol out) throws TException {
        out.writeFieldBegin(new TField("", (byte) 2, (short) 1));
        out.writeBool(sample.flag());
        out.writeFieldBegin(new TField("", (byte) 3, (short) 2));
        out.writeByte(sample.tiny());
        out.writeFieldBegin(new TField("", (byte) 6, (short) 3));
        out.writeI16(sample.small());
        out.writeFieldBegin(new TField("", (byte) 8, (short) 4));
        out.writeI32(sample.medium());
        out.writeFieldBegin(new TField("", (byte) 10, (short) 5));
        out.writeI64(sample.large());
        out.writeFieldBegin(new TField("", (byte) 4, (short) 6));
        out.writeDouble(sample.ratio());
        out.writeFieldBegin(new TField("", (byte) 11, (short) 7));
        out.writeString(sample.text());
        out.writeFieldBegin(new TField("", (byte) 11, (short) 8));
        out.writeBinary(ByteBuffer.wrap(sample.blob().toByteArray()));
        out.writeFieldBegin(new TField("", (byte) 15, (short) 9));
        out.writeListBegin(new TList((byte) 8, sample.numbers().size()));
        for (int number : sample.numbers()) {
            out.writeI32(number);
        }
        out.writeFieldBegin(new TField("", (byte) 14, (short) 10));
        out.writeSetBegin(new TSet((byte) 11, sample.tags().size()));
        for (String tag : sample.tags()) {
            out.writeString(tag);
        }
        out.writeFieldBegin(new TField("", (byte) 13, (short) 11));
        out.writeMapBegin(new TMap((byte) 11, (byte) 10, sample.counts().size()));
        for (Map.Entry<String, Long> count : sample.counts().entrySet()) {
            out.writeString(count.getKey());
            out.writeI64(count.getValue());
        }
        out.writeFieldBegin(new TField("", (byte) 13, (short) 12));
        out.writeMapBegin(new TMap((byte) 8, (byte) 15, sample.nested().size()));
        for (Map.Entry<Integer, List<Set<Short>>> entry : sample.nested().entrySet()) {
            out.writeI32(entry.getKey());
            out.writeListBegin(new TList((byte) 14, entry.getValue().size()));
            for (Set<Short> set : entry.getValue()) {
                out.writeSetBegin(new TSet((byte) 6, set.size()));
                for (short number : set) {
                    out.writeI16(number);
                }
            }
        }
        Sample next = sample.next();
        if (next != null) {
            out.writeFieldBegin(new TField("", (byte) 12, (short) -13));
            write(next, out);
        }
        out.writeFieldStop();
    }
}
