package io.streamx.balancer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the candidate with the fewest calls for its weight. The search begins anywhere, so that equal candidates
 * share the calls.
 */
record LeastActive(SlowStart slowStart) implements Balancer.Weighted {
    @Override
    public Balancer.Weighted withSlowStart(Duration window) {
        return new LeastActive(SlowStart.of(window));
    }

    @Override
    public CallFeedback feedback() {
        return LoadFeedback.COUNT;
    }

    @Override
    public Picker picker(List<Candidate> candidates) {
        Candidate[] all = candidates.toArray(Candidate[]::new);
        double[] weights = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            weights[i] = all[i].instance().weight();
        }
        return (call, request, refused) -> {
            int start = ThreadLocalRandom.current().nextInt(all.length);
            Search search = new Search(refused);
            long now = slowStart.isOn() ? System.nanoTime() : 0;
            for (int i = start; i < all.length; i++) {
                search.look(all[i], slowStart.isOn() ? slowStart.weight(all[i], now) : weights[i]);
            }
            for (int i = 0; i < start; i++) {
                search.look(all[i], slowStart.isOn() ? slowStart.weight(all[i], now) : weights[i]);
            }
            return search.best;
        };
    }

    /** The best candidate so far. It stays on the stack of the pick. */
    private static final class Search {
        private final Predicate<Candidate> refused;
        private @Nullable Candidate best;
        private double bestActive;
        private double bestWeight;

        Search(Predicate<Candidate> refused) {
            this.refused = refused;
        }

        void look(Candidate candidate, double weight) {
            double active = candidate.active() + 1.0;
            if ((best == null || active * bestWeight < bestActive * weight) && !refused.test(candidate)) {
                best = candidate;
                bestActive = active;
                bestWeight = weight;
            }
        }
    }
}
