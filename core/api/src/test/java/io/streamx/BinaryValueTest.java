package io.streamx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BinaryValueTest {
    @Test
    void anyBytesComeBackAsTheyWent() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);

            assertThat(BinaryValue.bytes(BinaryValue.of(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void textIsText() {
        for (String text : new String[] {"", "abc", "\0\n", "é", "余额", "a😀b"}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

            assertThat(BinaryValue.of(bytes)).isEqualTo(text);
            assertThat(BinaryValue.bytes(text)).isEqualTo(bytes);
        }
    }

    @Test
    void brokenUtf8InTheMiddleOfTextLeavesTheTextReadable() {
        byte[] bytes = {'a', (byte) 0xFE, (byte) 0xC3, (byte) 0xA9, (byte) 0xC3, 'b', (byte) 0xF0, (byte) 0x9F};

        assertThat(BinaryValue.of(bytes)).isEqualTo("a\uDCFEé\uDCC3b\uDCF0\uDC9F");
        assertThat(BinaryValue.bytes(BinaryValue.of(bytes))).isEqualTo(bytes);
    }

    @Test
    void surrogatesInUtf8AreNoText() {
        byte[] bytes = {(byte) 0xED, (byte) 0xB2, (byte) 0x80};

        assertThat(BinaryValue.of(bytes)).isEqualTo("\uDCED\uDCB2\uDC80");
        assertThat(BinaryValue.bytes(BinaryValue.of(bytes))).isEqualTo(bytes);
    }
}
