package io.streamx.balancer;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes each candidate in turn. Each client begins at a place of its own, so that many clients do not meet at one
 * instance.
 */
final class RoundRobin implements Balancer {
    @Override
    public Picker picker(List<Candidate> candidates) {
        Candidate[] all = candidates.toArray(Candidate[]::new);
        AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt(all.length));
        return (call, request, refused) ->
                NotRefused.from(all, Math.floorMod(turn.getAndIncrement(), all.length), refused);
    }
}
