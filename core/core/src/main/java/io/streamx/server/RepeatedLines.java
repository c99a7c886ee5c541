package io.streamx.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps lines of one kind from filling the log: the first goes out, those of the following ten seconds are counted, and the next
 * one after that says how many there were. Safe from any thread.
 */
final class RepeatedLines {
    /** What {@link #untoldBefore} says of a line that is not to be logged. */
    static final long HELD_BACK = -1;

    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** More kinds than that are no kinds but names that somebody makes up: they share one limit. */
    private static final int MAX_KINDS = 1000;

    private final LongSupplier nanos;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();
    private final Kind others = new Kind();

    RepeatedLines(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private static final class Kind {
        private boolean told;
        private long nextNanos;
        private long untold;

        synchronized long untoldBefore(long now) {
            if (told && now - nextNanos < 0) {
                untold++;
                return HELD_BACK;
            }
            told = true;
            nextNanos = now + INTERVAL_NANOS;
            long before = untold;
            untold = 0;
            return before;
        }
    }

    /** How many lines of {@code kind} were held back since the last that was logged, or {@link #HELD_BACK} for this one too. */
    long untoldBefore(String kind) {
        Kind known = kinds.get(kind);
        if (known == null) {
            known = kinds.size() < MAX_KINDS ? kinds.computeIfAbsent(kind, unused -> new Kind()) : others;
        }
        return known.untoldBefore(nanos.getAsLong());
    }
}
