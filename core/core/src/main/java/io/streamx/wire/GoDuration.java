package io.streamx.wire;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as Go prints them, since they stand in texts that Kitex users know: {@code 300ms}, {@code 1m0s}. */
public final class GoDuration {
    private GoDuration() {}

    /**
     * The text of a duration of zero or more. A duration that no number of nanoseconds holds is shown as the longest
     * that one does.
     */
    public static String text(Duration duration) {
        long nanos = nanos(duration);
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return decimal(nanos, 3) + "µs";
        }
        if (nanos < 1_000_000_000) {
            return decimal(nanos, 6) + "ms";
        }
        long minutes = nanos / 60_000_000_000L;
        String seconds = decimal(nanos % 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException moreThanThreeHundredYears) {
            return Long.MAX_VALUE;
        }
    }

    private static String decimal(long nanos, int digits) {
        BigDecimal value = BigDecimal.valueOf(nanos, digits).stripTrailingZeros();
        return value.toPlainString();
    }
}
