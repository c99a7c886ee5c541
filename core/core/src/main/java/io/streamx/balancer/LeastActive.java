package io.streamx.balancer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The candidate with the fewest calls for its weight. The search begins anywhere, so that equals share. */
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
        return (call, request, refused) -> {
            long now = slowStart.isOn() ? System.nanoTime() : 0;
            Candidate best = null;
            double bestActive = 0;
            double bestWeight = 0;
            int index = ThreadLocalRandom.current().nextInt(all.length);
            for (int i = 0; i < all.length; i++) {
                Candidate candidate = all[index];
                index = index + 1 == all.length ? 0 : index + 1;
                double active = candidate.active() + 1.0;
                double weight = slowStart.weight(candidate, now);
                if ((best == null || active * bestWeight < bestActive * weight) && !refused.test(candidate)) {
                    best = candidate;
                    bestActive = active;
                    bestWeight = weight;
                }
            }
            return best;
        };
    }
}
