package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {
    @ParameterizedTest
    @CsvSource({
        "1n, PT0.000000001S",
        "99999999n, PT0.099999999S",
        "7u, PT0.000007S",
        "20m, PT0.02S",
        "1S, PT1S",
        "3M, PT3M",
        "2H, PT2H",
        "99999999S, PT99999999S",
        "99999999H, PT99999999H",
        "00000001S, PT1S",
        "+1S, PT1S",
        "0n, PT0S",
        "-1S, PT0S",
        "-9999999H, PT0S",
    })
    void eachUnitIsRead(String value, Duration expected) {
        assertThat(GrpcTimeout.parse(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "S",
                "-S",
                "+S",
                "--S",
                "1s",
                "1x",
                "1 S",
                " 1S",
                "1S ",
                "1.5S",
                "123456789S",
                "1SS",
                "0x1S",
                "١S",
                "1,2S",
                "\u00001S"
            })
    void nonsenseIsNamed(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GrpcTimeout.parse(value))
                .withMessageStartingWith("malformed grpc-timeout: '" + value.replace('\u0000', '?') + "'")
                .withMessageEndingWith("(expected: 1 to 8 digits and one of n, u, m, S, M, H)");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0n",
        "PT-1S, 0n",
        "PT0.000000001S, 1n",
        "PT0.099999999S, 99999999n",
        "PT0.1S, 100000u",
        "PT0.100000001S, 100001u",
        "PT99.999999S, 99999999u",
        "PT99.9999991S, 100000m",
        "PT99999.999S, 99999999m",
        "PT99999.9991S, 100000S",
        "PT99999999S, 99999999S",
        "PT99999999.1S, 1666667M",
        "PT1000000H, 60000000M",
        "PT2000000H, 2000000H",
        "PT99999999H, 2562048H",
    })
    void theFinestUnitThatFitsIsWrittenRoundedUp(Duration remaining, String expected) {
        assertThat(GrpcTimeout.value(remaining)).isEqualTo(expected);
    }

    @Test
    void whatIsWrittenIsReadAndNeverShorter() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            Duration remaining = Duration.ofNanos(random.nextLong() >>> (1 + random.nextInt(62)));

            Duration read = GrpcTimeout.parse(GrpcTimeout.value(remaining));

            assertThat(read).isGreaterThanOrEqualTo(remaining);
            assertThat(GrpcTimeout.value(remaining)).hasSizeLessThanOrEqualTo(9);
        }
    }
}
