package io.streamx.balancer;

import io.streamx.middleware.ClientCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rounds over all candidates, in which each is taken or left out by its weight. A counter is all that changes, so threads
 * never wait for each other; a pick looks at as many candidates as the greatest weight is greater than the average one.
 */
record WeightedRoundRobin(SlowStart slowStart) implements Balancer.Weighted {
    /** Into how many parts the greatest weight is divided, to which weights that are not whole numbers are rounded. */
    private static final int PARTS = 1 << 16;

    @Override
    public Balancer.Weighted withSlowStart(Duration window) {
        return new WeightedRoundRobin(SlowStart.of(window));
    }

    @Override
    public Picker picker(List<Candidate> candidates) {
        return new Rounds(candidates.toArray(Candidate[]::new), slowStart, System.nanoTime());
    }

    /**
     * The weights as whole numbers, of which the greatest is {@link #greatest}. They hold until {@link #changeAtNanos}
     * if they change.
     */
    private static final class Weights {
        private final int[] of;
        private final int greatest;
        private final boolean isChanging;
        private final long changeAtNanos;

        private Weights(int[] of, int greatest, boolean isChanging, long changeAtNanos) {
            this.of = of;
            this.greatest = greatest;
            this.isChanging = isChanging;
            this.changeAtNanos = changeAtNanos;
        }

        static Weights of(Candidate[] all, SlowStart slowStart, long now) {
            double[] exact = new double[all.length];
            double greatest = 0;
            boolean whole = true;
            boolean changing = false;
            for (int i = 0; i < all.length; i++) {
                exact[i] = slowStart.weight(all[i], now);
                greatest = Math.max(greatest, exact[i]);
                whole &= exact[i] == Math.rint(exact[i]);
                changing |= slowStart.isOn() && all[i].isNew(now, slowStart.windowNanos());
            }
            double scale = whole && greatest <= PARTS ? 1 : PARTS / greatest;
            int[] weights = new int[all.length];
            for (int i = 0; i < all.length; i++) {
                weights[i] = (int) Math.max(1, Math.round(exact[i] * scale));
            }
            return new Weights(
                    weights, (int) Math.max(1, Math.round(greatest * scale)), changing, now + slowStart.stepNanos());
        }

        /** Whether candidate {@code index} is taken in that round: in so many rounds of {@code greatest} as its weight. */
        boolean isTaken(int index, long round) {
            int weight = of[index];
            // Each candidate begins at another place of the cycle. Otherwise all candidates of one weight would be
            // taken in one round.
            long place = round * weight + (long) index * (greatest / 2 + 1);
            return weight == greatest || Math.floorMod(place, greatest) < weight;
        }
    }

    private static final class Rounds implements Picker {
        private final Candidate[] all;
        private final SlowStart slowStart;
        private final AtomicLong turn;
        private volatile Weights weights;

        Rounds(Candidate[] all, SlowStart slowStart, long now) {
            this.all = all;
            this.slowStart = slowStart;
            turn = new AtomicLong(ThreadLocalRandom.current().nextInt(1 << 20));
            weights = Weights.of(all, slowStart, now);
        }

        @Override
        public @Nullable Candidate pick(ClientCall call, @Nullable Object request, Predicate<Candidate> refused) {
            Weights now = weights();
            // Twice the cycle of the lightest candidate: by then every candidate has been met, so all are refused.
            for (long left = 2L * all.length * Math.min(now.greatest, 1 << 10); left > 0; left--) {
                long place = turn.getAndIncrement();
                int index = (int) (place % all.length);
                if (now.isTaken(index, place / all.length)) {
                    Candidate candidate = all[index];
                    if (!refused.test(candidate)) {
                        return candidate;
                    }
                    if (left > 4L * all.length) {
                        left = 4L * all.length;
                    }
                }
            }
            return NotRefused.from(all, (int) (turn.getAndIncrement() % all.length), refused);
        }

        private Weights weights() {
            Weights now = weights;
            return now.isChanging && System.nanoTime() - now.changeAtNanos >= 0 ? renewed() : now;
        }

        private synchronized Weights renewed() {
            long now = System.nanoTime();
            if (now - weights.changeAtNanos >= 0) {
                weights = Weights.of(all, slowStart, now);
            }
            return weights;
        }
    }
}
