package io.streamx.balancer;

import java.time.Duration;
import java.util.Arrays;
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
        // What one call weighs there: a division for each candidate once, instead of one for each look.
        double[] shares = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            shares[i] = 1 / all[i].instance().weight();
        }
        double least = Arrays.stream(shares).min().orElse(0);
        return (call, request, refused) -> {
            int start = ThreadLocalRandom.current().nextInt(all.length);
            if (slowStart.isOn()) {
                return pickSlowly(all, start, refused);
            }
            // Local variables, and no call but that of the predicate: at a hundred candidates that is half the time.
            Candidate best = null;
            double bestLoad = Double.POSITIVE_INFINITY;
            for (int i = 0, at = start; i < all.length; i++) {
                Candidate candidate = all[at];
                double load = (candidate.active() + 1) * shares[at];
                if (load < bestLoad && !refused.test(candidate)) {
                    best = candidate;
                    bestLoad = load;
                    if (load <= least) {
                        // An idle one of the greatest weight: none can be better.
                        break;
                    }
                }
                at = at + 1 == all.length ? 0 : at + 1;
            }
            return best;
        };
    }

    private @Nullable Candidate pickSlowly(Candidate[] all, int start, Predicate<Candidate> refused) {
        long now = System.nanoTime();
        Candidate best = null;
        double bestLoad = Double.POSITIVE_INFINITY;
        for (int i = 0; i < all.length; i++) {
            Candidate candidate = all[(start + i) % all.length];
            double load = (candidate.active() + 1) / slowStart.weight(candidate, now);
            if (load < bestLoad && !refused.test(candidate)) {
                best = candidate;
                bestLoad = load;
            }
        }
        return best;
    }
}
