package io.streamx.balancer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses the better of two candidates that chance has chosen. */
record PeakEwma(SlowStart slowStart) implements Balancer.Weighted {
    /** After so many pairs of refused candidates, most candidates are taken to be refused. */
    private static final int MAX_PAIRS = 4;
    /** A candidate that has calls and has answered none is taken to be slow: 1 s. */
    private static final double UNKNOWN_NANOS = 1e9;

    @Override
    public Balancer.Weighted withSlowStart(Duration window) {
        return new PeakEwma(SlowStart.of(window));
    }

    @Override
    public CallFeedback feedback() {
        return LoadFeedback.COUNT_AND_TIME;
    }

    @Override
    public Picker picker(List<Candidate> candidates) {
        Candidate[] all = candidates.toArray(Candidate[]::new);
        return (call, request, refused) -> {
            ThreadLocalRandom chance = ThreadLocalRandom.current();
            int one = 0;
            for (int i = 0; i < MAX_PAIRS; i++) {
                one = chance.nextInt(all.length);
                int other = all.length == 1 ? one : chance.nextInt(all.length - 1);
                other = other >= one && all.length > 1 ? other + 1 : other;
                boolean oneRefused = refused.test(all[one]);
                boolean otherRefused = refused.test(all[other]);
                if (!oneRefused && !otherRefused) {
                    long now = System.nanoTime();
                    return cost(all[one], now) <= cost(all[other], now) ? all[one] : all[other];
                }
                if (!oneRefused || !otherRefused) {
                    return oneRefused ? all[other] : all[one];
                }
            }
            return NotRefused.from(all, one, refused);
        };
    }

    private double cost(Candidate candidate, long now) {
        int active = candidate.active();
        double expected = candidate.expectedNanos(now);
        double nanos = expected != 0 ? expected * (active + 1) : UNKNOWN_NANOS * active;
        return nanos / slowStart.weight(candidate, now);
    }
}
