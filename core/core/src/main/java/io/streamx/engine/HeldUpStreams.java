package io.streamx.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which streams of a connection hold up the others, by looking at all of them {@value #PATIENCE} times in a
 * stall timeout while the connection holds more unread bytes than it may. It knows no clock and ends nothing itself. On
 * the event loop.
 *
 * <p>Source: docs/decisions/2026-11-28-streams-without-flow-control.md.
 *
 * @param <S> a stream
 */
final class HeldUpStreams<S extends HeldUpStreams.Stream> {
    /** How many looks in a row have to find a stream without progress. */
    static final int PATIENCE = 4;

    /** A stream that got nothing counts as held up by another that is slower than itself by this factor. */
    private static final int MUCH_SLOWER = 2;

    /** One stream, as far as it matters here. */
    interface Stream {
        /** How much the reader of the stream has taken in all, as the limits count it. */
        long takenCost();

        /** How much waits for the reader of the stream. */
        long unread();

        /** Whether somebody waits for what the peer sends. */
        boolean isAwaited();

        /** How long ago the stream began. */
        long ageNanos();

        /** What was seen of the stream at the last look. */
        Progress progress();
    }

    /** What was seen of a stream when it was last looked at. */
    static final class Progress {
        private long time = -1;
        private long taken;
        private boolean held;
        private int looksWithout;
    }

    private final List<S> holders = new ArrayList<>();
    private final List<S> starved = new ArrayList<>();
    private long unread;
    private int streams;
    private long time;

    /** Begins a time in which the connection holds too much. What was seen before that time does not count. */
    void beginTime() {
        time++;
    }

    /** Begins a look. */
    void beginLook() {
        unread = 0;
        streams = 0;
    }

    /** Ends a look: the streams that were looked at are no longer kept. */
    void endLook() {
        holders.clear();
        starved.clear();
    }

    /** Looks at one stream. */
    void look(S stream) {
        Progress seen = stream.progress();
        long taken = stream.takenCost();
        long waits = stream.unread();
        boolean holds = waits > 0;
        boolean again = seen.time == time && seen.taken == taken && seen.held == holds;
        seen.looksWithout = again && (holds || stream.isAwaited()) ? seen.looksWithout + 1 : 0;
        seen.time = time;
        seen.taken = taken;
        seen.held = holds;
        streams++;
        if (holds) {
            unread += waits;
            holders.add(stream);
        } else if (seen.looksWithout >= PATIENCE) {
            starved.add(stream);
        }
    }

    /**
     * The streams that are to be ended after a look, so that {@code excess} bytes or more are given back if that is
     * possible.
     *
     * @return none when every stream goes on at a speed of its own
     */
    List<S> findings(long excess) {
        List<S> stalled = new ArrayList<>();
        for (S holder : holders) {
            if (holder.progress().looksWithout >= PATIENCE && holder.unread() * holders.size() >= unread) {
                stalled.add(holder);
            }
        }
        if (stalled.isEmpty()) {
            S slow = holdingUpTheStarved();
            return slow == null ? List.of() : List.of(slow);
        }
        stalled.sort(Comparator.comparingLong((S stream) -> stream.unread()).reversed());
        long toFree = excess;
        int count = 0;
        while (count < stalled.size() && (count == 0 || toFree > 0)) {
            toFree -= stalled.get(count).unread();
            count++;
        }
        return stalled.subList(0, count);
    }

    private @Nullable S holdingUpTheStarved() {
        S fullest = null;
        for (S holder : holders) {
            if (fullest == null || holder.unread() > fullest.unread()) {
                fullest = holder;
            }
        }
        if (fullest == null || fullest.unread() * streams <= unread) {
            return null;
        }
        for (S waiting : starved) {
            // The speed of a stream counts from its own begin, so that the younger of two streams is not taken for the
            // slower one.
            if (waiting.takenCost() == 0 || speed(waiting) >= MUCH_SLOWER * speed(fullest)) {
                return fullest;
            }
        }
        return null;
    }

    private static double speed(Stream stream) {
        return (double) stream.takenCost() / Math.max(1, stream.ageNanos());
    }
}
