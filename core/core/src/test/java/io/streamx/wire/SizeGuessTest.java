package io.streamx.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizeGuessTest {
    private final SizeGuess guess = new SizeGuess();

    @Test
    void growsAtOnceAndFallsSlowly() {
        guess.was(1000);
        assertThat(guess.next()).isEqualTo(1000);

        guess.was(100);
        assertThat(guess.next()).isBetween(900, 999);
    }

    @Test
    void comesToWhatMessagesOfOneSizeTake() {
        for (int i = 0; i < 100; i++) {
            guess.was(120);
        }

        assertThat(guess.next()).isEqualTo(120);
    }

    @Test
    void reservesNeitherNothingNorForTheLargest() {
        guess.was(1 << 20);
        assertThat(guess.next()).isLessThanOrEqualTo(4096);

        for (int i = 0; i < 1000; i++) {
            guess.was(0);
        }
        assertThat(guess.next()).isPositive();
    }
}
