package io.streamx.balancer;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Each in turn. Clients begin at a place of their own, so that many of them do not meet at one instance. */
final class RoundRobin implements Balancer {
    @Override
    public Picker picker(List<Candidate> candidates) {
        Candidate[] all = candidates.toArray(Candidate[]::new);
        AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt(all.length));
        return (call, request, refused) ->
                NotRefused.from(all, Math.floorMod(turn.getAndIncrement(), all.length), refused);
    }
}
