package io.streamx.grpc.protocol;

import java.time.Duration;

/** The value of {@code grpc-timeout}. Source: docs/protocol/grpc.md "2. Request headers". */
public final class GrpcTimeout {
    private static final long MAX_VALUE = 99_999_999;
    static final int MAX_CHARS = 9;
    private static final String UNITS = "numSMH";
    private static final long[] NANOS = {
        1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L,
    };

    private GrpcTimeout() {}

    /**
     * The value for the remaining time, rounded up, in the finest unit whose value has at most 8 digits; {@code 0n}
     * when nothing remains.
     */
    public static String value(Duration remaining) {
        if (remaining.isNegative() || remaining.isZero()) {
            return "0n";
        }
        long nanos = nanos(remaining);
        for (int unit = 0; unit < NANOS.length; unit++) {
            // This rounds up without adding first, which could overflow.
            long value = (nanos - 1) / NANOS[unit] + 1;
            if (value <= MAX_VALUE) {
                return Long.toString(value) + UNITS.charAt(unit);
            }
        }
        throw new AssertionError(remaining + " in hours"); // a long of nanoseconds holds some two million hours
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException moreThanThreeHundredYears) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Reads a value. One that is negative, which Kitex accepts, means that the time has run out.
     *
     * @return zero or more
     * @throws IllegalArgumentException naming the value when it is not 1 to 8 digits and a unit
     */
    public static Duration parse(CharSequence value) {
        int length = value.length();
        if (length < 2 || length > MAX_CHARS) {
            throw malformed(value);
        }
        int unit = UNITS.indexOf(value.charAt(length - 1));
        char sign = value.charAt(0);
        int first = sign == '-' || sign == '+' ? 1 : 0;
        if (unit < 0 || first == length - 1) {
            throw malformed(value);
        }
        long number = 0;
        for (int i = first; i < length - 1; i++) {
            char digit = value.charAt(i);
            if (digit < '0' || digit > '9') {
                throw malformed(value);
            }
            number = number * 10 + (digit - '0');
        }
        return sign == '-' ? Duration.ZERO : in(number, unit);
    }

    private static Duration in(long number, int unit) {
        return switch (UNITS.charAt(unit)) {
            case 'H' -> Duration.ofHours(number);
            case 'M' -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number * NANOS[unit] / NANOS[3], number * NANOS[unit] % NANOS[3]);
        };
    }

    private static IllegalArgumentException malformed(CharSequence value) {
        return new IllegalArgumentException("malformed grpc-timeout: '" + HeaderText.shown(value)
                + "' (expected: 1 to 8 digits and one of n, u, m, S, M, H)");
    }
}
