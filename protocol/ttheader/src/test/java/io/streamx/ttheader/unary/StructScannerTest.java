package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.thrift.MessageHeader;
import io.streamx.thrift.ThriftReader;
import io.streamx.thrift.ThriftType;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class StructScannerTest {
    private static final byte[] TYPES = {
        ThriftType.BOOL,
        ThriftType.BYTE,
        ThriftType.DOUBLE,
        ThriftType.I16,
        ThriftType.I32,
        ThriftType.I64,
        ThriftType.STRING,
        ThriftType.STRUCT,
        ThriftType.MAP,
        ThriftType.SET,
        ThriftType.LIST,
        ThriftType.UUID
    };

    private final StructScanner scanner = new StructScanner();

    /** Messages of random structs, with the first bytes of a next one behind them. */
    @RepeatedTest(200)
    void theEndIsFoundWhateverThePieces(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ByteBuf message = message();
        struct(message, random, 4);
        int length = message.readableBytes();
        message.writeLong(0x8001000100000003L);

        int readable = 0;
        while (!scanner.scan(message, 0, readable)) {
            long minimum = scanner.minimumLength();
            assertThat(minimum).isBetween(readable + 1L, (long) length);
            readable = (int) (random.nextBoolean() ? minimum : minimum + random.nextInt(20));
            readable = Math.min(readable, message.readableBytes());
        }

        assertThat(scanner.minimumLength()).isEqualTo(length);
    }

    private static ByteBuf message() {
        ByteBuf message = Unpooled.buffer();
        new MessageHeader(MessageHeader.Type.CALL, "Say", 1).encode(message);
        return message;
    }

    private static void struct(ByteBuf out, Random random, int depth) {
        int fields = random.nextInt(5);
        for (int i = 0; i < fields; i++) {
            byte type = TYPES[random.nextInt(TYPES.length)];
            out.writeByte(type).writeShort(i);
            value(out, random, type, depth - 1);
        }
        out.writeByte(ThriftType.STOP);
    }

    private static void value(ByteBuf out, Random random, byte type, int depth) {
        switch (type) {
            case ThriftType.BOOL, ThriftType.BYTE -> out.writeByte(1);
            case ThriftType.I16 -> out.writeShort(2);
            case ThriftType.I32 -> out.writeInt(3);
            case ThriftType.DOUBLE, ThriftType.I64 -> out.writeLong(4);
            case ThriftType.UUID -> out.writeLong(5).writeLong(6);
            case ThriftType.STRING -> {
                int length = random.nextInt(12);
                out.writeInt(length).writeZero(length);
            }
            case ThriftType.STRUCT -> {
                if (depth > 0) {
                    struct(out, random, depth);
                } else {
                    out.writeByte(ThriftType.STOP);
                }
            }
            case ThriftType.MAP -> {
                byte key = TYPES[random.nextInt(TYPES.length)];
                byte mapped = TYPES[random.nextInt(TYPES.length)];
                int size = depth > 0 ? random.nextInt(4) : 0;
                out.writeByte(key).writeByte(mapped).writeInt(size);
                for (int i = 0; i < size; i++) {
                    value(out, random, key, depth - 1);
                    value(out, random, mapped, depth - 1);
                }
            }
            default -> {
                byte element = TYPES[random.nextInt(TYPES.length)];
                int size = depth > 0 ? random.nextInt(4) : 0;
                out.writeByte(element).writeInt(size);
                for (int i = 0; i < size; i++) {
                    value(out, random, element, depth - 1);
                }
            }
        }
    }

    @Test
    void aLengthIsBelievedBeforeItsBytesAreThere() {
        ByteBuf message = message();
        int before = message.readableBytes();
        message.writeByte(ThriftType.STRING).writeShort(1).writeInt(1_000_000);

        assertThat(scanner.scan(message, 0, message.readableBytes())).isFalse();

        assertThat(scanner.minimumLength()).isEqualTo(before + 7 + 1_000_000 + 1);
    }

    @Test
    void aHugeListOfNumbersIsKnownToBeHugeByItsHead() {
        ByteBuf message = message();
        int before = message.readableBytes();
        message.writeByte(ThriftType.LIST)
                .writeShort(1)
                .writeByte(ThriftType.I64)
                .writeInt(Integer.MAX_VALUE);

        assertThat(scanner.scan(message, 0, message.readableBytes())).isFalse();

        assertThat(scanner.minimumLength()).isEqualTo(before + 8 + 8L * Integer.MAX_VALUE + 1);
    }

    @Test
    void anUnknownTypeIsRefused() {
        ByteBuf message = message().writeByte(7).writeShort(1);

        assertThatThrownBy(() -> scanner.scan(message, 0, message.readableBytes()))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("type 7");
    }

    @Test
    void aNegativeLengthIsRefused() {
        ByteBuf message = message().writeByte(ThriftType.STRING).writeShort(1).writeInt(-5);

        assertThatThrownBy(() -> scanner.scan(message, 0, message.readableBytes()))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("-5");
    }

    @Test
    void nestingIsLimitedAsInTheReader() {
        ByteBuf message = message();
        // The struct of the arguments is the first level.
        for (int level = 1; level < ThriftReader.MAX_DEPTH; level++) {
            message.writeByte(ThriftType.STRUCT).writeShort(1);
        }
        assertThat(scanner.scan(message, 0, message.readableBytes())).isFalse();

        message.writeByte(ThriftType.STRUCT).writeShort(1);
        assertThatThrownBy(() -> scanner.scan(message, 0, message.readableBytes()))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("nest deeper than 64");
    }
}
