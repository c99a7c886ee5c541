package io.streamx.thrift;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringWritingTest {
    /** Strings of up to 12 characters: ASCII alone, and with another character at each place. */
    private static List<String> texts(String other) {
        List<String> texts = new ArrayList<>();
        for (int length = 0; length <= 12; length++) {
            String ascii = "~tilde\0and A".substring(0, length);
            texts.add(ascii);
            for (int at = 0; at < length; at++) {
                texts.add(ascii.substring(0, at) + other + ascii.substring(at + 1));
            }
        }
        return texts;
    }

    private static byte[] written(ByteBuf target, String text) {
        ThriftWriter writer = new ThriftWriter(target);
        writer.writeI64(-1);
        writer.writeString(text);
        writer.writeI64(-1);
        writer.finish();
        return ByteBufUtil.getBytes(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u007f", "\u0080", "\u00e9", "\u0100", "\u0161", "\u4f60", "\ud83d\ude00", "\ud83d"})
    void aStringIsUtf8BehindItsLengthWhateverBufferItGoesInto(String other) {
        for (String text : texts(other)) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            byte[] expected = ByteBufUtil.getBytes(Unpooled.buffer()
                    .writeLong(-1)
                    .writeInt(utf8.length)
                    .writeBytes(utf8)
                    .writeLong(-1));

            assertThat(written(Unpooled.buffer(), text)).as(text).isEqualTo(expected);
            // A buffer that has to grow for the string, and one without an array.
            assertThat(written(Unpooled.buffer(9), text)).as(text).isEqualTo(expected);
            ByteBuf direct = Unpooled.directBuffer();
            assertThat(written(direct, text)).as(text).isEqualTo(expected);
            direct.release();
        }
    }
}
