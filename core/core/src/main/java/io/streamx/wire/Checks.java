package io.streamx.wire;

import java.time.Duration;

/** Checks of settings, which name the value and what was expected. */
public final class Checks {
    private Checks() {}

    /**
     * The value of the setting {@code name}.
     *
     * @throws IllegalArgumentException when it is zero or negative
     */
    public static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    /**
     * The value of the setting {@code name}.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public static Duration notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 or more)");
        }
        return value;
    }

    /**
     * The value of the setting {@code name}.
     *
     * @throws IllegalArgumentException when it is zero or negative
     */
    public static int positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
        return value;
    }
}
