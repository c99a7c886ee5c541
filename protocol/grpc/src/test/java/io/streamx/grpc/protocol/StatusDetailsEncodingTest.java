package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamx.StatusDetail;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusDetailsEncodingTest {
    private static final StatusDetailsEncoding STATUS = new StatusDetailsEncoding(
            9,
            "pre 你",
            List.of(
                    new StatusDetail("type.googleapis.com/google.protobuf.StringValue", new byte[] {10, 1, 'x'}),
                    new StatusDetail("", new byte[0]),
                    new StatusDetail("t", new byte[300])));

    private static StatusDetailsEncoding decode(String hex) {
        return StatusDetailsEncoding.decode(HexFormat.of().parseHex(hex));
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(StatusDetailsEncoding.decode(STATUS.encode())).isEqualTo(STATUS);
    }

    @Test
    void theBytesAreThoseOfProtobuf() {
        byte[] recorded = Base64.getDecoder()
                .decode("CAkSD3ByZSBbYml6IGVycm9yXRpACi90eXBlLmdvb2dsZWFwaXMuY29tL2dvb2dsZS5wcm90b2J1Zi5TdHJpbmdWYWx1"
                        + "ZRINCgtkZXRhaWwgdGV4dA");

        StatusDetailsEncoding read = StatusDetailsEncoding.decode(recorded);

        assertThat(read.code()).isEqualTo(9);
        assertThat(read.message()).isEqualTo("pre [biz error]");
        assertThat(read.details()).singleElement().satisfies(detail -> {
            assertThat(detail.typeName()).isEqualTo("google.protobuf.StringValue");
            assertThat(detail.size()).isEqualTo(13);
        });
        assertThat(read.encode()).isEqualTo(recorded);
    }

    @Test
    void nothingIsAStatusOfNothing() {
        assertThat(decode("")).isEqualTo(new StatusDetailsEncoding(0, "", List.of()));
        assertThat(new StatusDetailsEncoding(0, "", List.of()).encode()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "08 ffffffffffffffffff01, -1", // a negative int32 is ten bytes
        "08 80808080808000, 0",
        "08 01 08 02, 2", // the last one counts
        "28 05 08 03, 3", // an unknown number
        "29 0102030405060708 08 03, 3", // eight bytes
        "2d 01020304 08 03, 3", // four bytes
        "2a 02 0102 08 03, 3", // bytes
        "2b 33 34 10 01 2c 08 03, 3", // a group in a group
        "12 01 ff 08 03, 3", // a text that is no UTF-8
        "0d 01000000 08 03, 3", // the field of the code with another type
    })
    void unknownFieldsAreSkipped(String hex, int code) {
        assertThat(decode(hex.replace(" ", "")).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "08, a number cut short",
        "08 ff, a number cut short",
        "08 ffffffffffffffffffff01, a number longer than 10 bytes",
        "12 05 61, length 5",
        "12 ffffffffffffffffff01, length -1",
        "12 ffffffff07, length 2147483647",
        "1a 02 0a 05, length 5", // within a detail
        "00, tag 0",
        "07, tag 7",
        "f8ffffffff01, tag 68719476728",
        "0e, wire type 6",
        "0f, wire type 7",
        "0c, the end of a group",
        "2b, a number cut short",
        "29 01, a field cut short",
        "2d 010203, a field cut short",
    })
    void malformedBytesAreNamedWithTheirPlace(String hex, String what) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decode(hex.replace(" ", "")))
                .withMessageStartingWith("google.rpc.Status with " + what)
                .withMessageContaining("at byte ")
                .withMessageContaining("expected: ");
    }

    @Test
    void anyBytesAreReadOrRefused() {
        Random random = new Random(5);
        byte[] good = STATUS.encode();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                StatusDetailsEncoding read = StatusDetailsEncoding.decode(bytes);
                assertThat(read.details().stream().mapToInt(StatusDetail::size).sum())
                        .isLessThanOrEqualTo(bytes.length);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageStartingWith("google.rpc.Status with ");
            }
        }
    }

    @Test
    void groupsInGroupsCostNoStack() {
        byte[] groups = new byte[1 << 20];
        Arrays.fill(groups, 0, groups.length / 2, (byte) 0x2B);
        Arrays.fill(groups, groups.length / 2, groups.length, (byte) 0x2C);

        assertThat(StatusDetailsEncoding.decode(groups)).isEqualTo(new StatusDetailsEncoding(0, "", List.of()));
    }
}
