package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusMessageTest {
    @Test
    void everyAsciiCharacterIsWrittenPlainOrEscaped() {
        for (char c = 0; c < 0x80; c++) {
            String expected = c >= ' ' && c <= '~' && c != '%' ? String.valueOf(c) : String.format("%%%02X", (int) c);

            assertThat(StatusMessage.encode("a" + c + "b")).hasToString("a" + expected + "b");
            assertThat(StatusMessage.decode("a" + expected + "b")).isEqualTo("a" + c + "b");
        }
    }

    @Test
    void everyByteThatIsEscapedIsRead() {
        for (int b = 0; b < 0x100; b++) {
            String expected = new String(new byte[] {(byte) b}, StandardCharsets.UTF_8);

            assertThat(StatusMessage.decode(String.format("%%%02X", b))).isEqualTo(expected);
            assertThat(StatusMessage.decode(String.format("%%%02x", b))).isEqualTo(expected);
        }
    }

    @Test
    void everyByteThatIsNotEscapedIsReadToo() {
        for (int b = 0; b < 0x100; b++) {
            if (b != '%') {
                assertThat(StatusMessage.decode(new AsciiString(new byte[] {(byte) b})))
                        .isEqualTo(new String(new byte[] {(byte) b}, StandardCharsets.UTF_8));
            }
        }
        assertThat(StatusMessage.decode(GoldenConversation.bytes("böse 你"))).isEqualTo("böse 你");
    }

    @ParameterizedTest
    @CsvSource({"%, %", "a%, a%", "%4, %4", "%4G, %4G", "%G4, %G4", "%%41, %A", "%25%, %%", "%-1, %-1", "%2541, %41"})
    void malformedEscapesStayAsTheyAre(String value, String expected) {
        assertThat(StatusMessage.decode(value)).isEqualTo(expected);
    }

    @Test
    void halfACharacterPairBecomesTheReplacementCharacter() {
        assertThat(StatusMessage.encode("a\uD83Db")).hasToString("a%EF%BF%BDb");
        assertThat(StatusMessage.encode("\uDE00\uD83D")).hasToString("%EF%BF%BD%EF%BF%BD");
        assertThat(StatusMessage.encode("😀\uD83D")).hasToString("%F0%9F%98%80%EF%BF%BD");
    }

    @Test
    void anyTextComesBackAsItWent() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(random.nextInt(20), 0, 0x3000)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            assertThat(StatusMessage.decode(StatusMessage.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void theBeginningOfAMessageFitsAndEndsWithAWholeCharacter() {
        assertThat(StatusMessage.beginningOf("a%b", 5, 0)).isEqualTo("a%b");
        assertThat(StatusMessage.beginningOf("a%b", 4, 0)).isEqualTo("a%");
        assertThat(StatusMessage.beginningOf("a%b", 3, 0)).isEqualTo("a");
        assertThat(StatusMessage.beginningOf("aöb", 6, 0)).isEqualTo("a");
        assertThat(StatusMessage.beginningOf("a  bc", 9, 0)).isEqualTo("a  bc");
        assertThat(StatusMessage.beginningOf("a  bc", 7, 0)).isEqualTo("a");
        assertThat(StatusMessage.beginningOf("abc", 0, 0)).isEmpty();
    }

    @Test
    void spacesAtTheEndsAreEscaped() {
        assertThat(StatusMessage.encode(" [biz error]")).hasToString("%20[biz error]");
        assertThat(StatusMessage.encode("a b  ")).hasToString("a b%20%20");
        assertThat(StatusMessage.encode(" ")).hasToString("%20");
        assertThat(StatusMessage.decode("%20a b%20")).isEqualTo(" a b ");
    }
}
