package io.streamx.balancer;

import io.streamx.middleware.ClientCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses by chance, each candidate as often as its weight says: a point on a line on which each candidate has a piece.
 */
record WeightedRandom(SlowStart slowStart) implements Balancer.Weighted {
    @Override
    public Balancer.Weighted withSlowStart(Duration window) {
        return new WeightedRandom(SlowStart.of(window));
    }

    @Override
    public Picker picker(List<Candidate> candidates) {
        return new Draws(candidates.toArray(Candidate[]::new), slowStart, System.nanoTime());
    }

    /** Where the piece of each candidate ends. */
    private static final class Line {
        private final double[] ends;
        private final boolean isChanging;
        private final long changeAtNanos;

        private Line(double[] ends, boolean isChanging, long changeAtNanos) {
            this.ends = ends;
            this.isChanging = isChanging;
            this.changeAtNanos = changeAtNanos;
        }

        static Line of(Candidate[] all, SlowStart slowStart, long now) {
            double[] ends = new double[all.length];
            double end = 0;
            boolean changing = false;
            for (int i = 0; i < all.length; i++) {
                end += slowStart.weight(all[i], now);
                ends[i] = end;
                changing |= slowStart.isOn() && all[i].isNew(now, slowStart.windowNanos());
            }
            return new Line(ends, changing, now + slowStart.stepNanos());
        }

        int draw() {
            double point = ThreadLocalRandom.current().nextDouble() * ends[ends.length - 1];
            int low = 0;
            int high = ends.length - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (point < ends[middle]) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }

    private static final class Draws implements Picker {
        /** After so many refused candidates in a row, most are taken to be refused. */
        private static final int MAX_DRAWS = 8;

        private final Candidate[] all;
        private final SlowStart slowStart;
        private volatile Line line;

        Draws(Candidate[] all, SlowStart slowStart, long now) {
            this.all = all;
            this.slowStart = slowStart;
            line = Line.of(all, slowStart, now);
        }

        @Override
        public @Nullable Candidate pick(ClientCall call, @Nullable Object request, Predicate<Candidate> refused) {
            Line now = line();
            int drawn = 0;
            for (int i = 0; i < MAX_DRAWS; i++) {
                drawn = now.draw();
                if (!refused.test(all[drawn])) {
                    return all[drawn];
                }
            }
            return NotRefused.from(all, drawn, refused);
        }

        private Line line() {
            Line now = line;
            return now.isChanging && System.nanoTime() - now.changeAtNanos >= 0 ? renewed() : now;
        }

        private synchronized Line renewed() {
            long now = System.nanoTime();
            if (now - line.changeAtNanos >= 0) {
                line = Line.of(all, slowStart, now);
            }
            return line;
        }
    }
}
