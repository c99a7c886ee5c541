package io.streamx.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Log lines on the way to an outcome: what a logging back end throws, or an exception's own methods when it is printed,
 * must not keep the outcome from whoever waits for it. Safe from any thread.
 */
public final class Logs {
    private Logs() {}

    /** A warning; the last of {@code arguments} may be an exception beyond those that {@code format} names. */
    public static void warn(Logger log, String format, @Nullable Object... arguments) {
        try {
            log.warn(format, arguments);
        } catch (Throwable unprintable) {
            warnWithoutTexts(log, format, arguments);
        }
    }

    /** Logs a line in which an argument whose text cannot be had is named by its class. */
    private static void warnWithoutTexts(Logger log, String format, @Nullable Object[] arguments) {
        try {
            Object[] shown = Arrays.stream(arguments)
                    .map(argument -> argument instanceof Throwable failure ? Thrown.text(failure) : argument)
                    .toArray();
            log.warn(format + " {}", shown);
        } catch (Throwable noLog) {
            // A line that cannot be logged at all is given up, since there is nowhere left to say it.
        }
    }

    /** Whether lines for those who look for them are written, so that a text which costs something is worth making. */
    public static boolean isDebugEnabled(Logger log) {
        try {
            return log.isDebugEnabled();
        } catch (Throwable noLog) {
            return false;
        }
    }

    /** A line for those who look for it; nothing is said in its place when it cannot be printed. */
    public static void debug(Logger log, String format, @Nullable Object... arguments) {
        try {
            log.debug(format, arguments);
        } catch (Throwable noLog) {
            // A line that cannot be logged at all is given up, since there is nowhere left to say it.
        }
    }
}
