package io.streamx.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageArraysTest {
    private final MessageArrays arrays = new MessageArrays();

    @ParameterizedTest
    @ValueSource(ints = {2048, 2049, 2560, 2561, 65_536, 65_541, 80_000, 1_048_575, 1_048_576})
    void anArrayHoldsWhatWasAskedForAndLittleMore(int bytes) {
        assertThat(MessageArrays.take(bytes).length).isBetween(bytes, bytes + bytes / 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2047, 1_048_577, 3_000_000})
    void smallAndHugeArraysAreMadeToMeasure(int bytes) {
        assertThat(MessageArrays.take(bytes)).hasSize(bytes);
    }

    @Test
    void whatIsGivenBackIsUsedAgainForTheSameSize() {
        byte[] array = MessageArrays.take(10_000);
        arrays.offer(array);

        assertThat(arrays.poll(5_000)).isNull();
        assertThat(arrays.poll(10_001)).isSameAs(array);
        assertThat(arrays.poll(10_001)).isNull();
    }

    @Test
    void arraysOfOtherLengthsAreNotKept() {
        arrays.offer(new byte[10_001]);

        assertThat(arrays.poll(10_001)).isNull();
    }

    @Test
    void whatIsKeptIsBounded() {
        int size = MessageArrays.take(1_000_000).length;
        for (int i = 0; i < 1000; i++) {
            arrays.offer(new byte[size]);
        }
        long kept = 0;
        while (arrays.poll(1_000_000) != null) {
            kept += size;
        }

        assertThat(kept).isPositive().isLessThanOrEqualTo(MessageArrays.KEPT_BYTES);
    }
}
