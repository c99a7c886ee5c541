package io.streamx.client;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Chooses the instance of a call. Safe from any number of threads. */
@FunctionalInterface
public interface Balancer {
    /** One of {@code instances}, of which there is at least one. */
    Instance pick(List<Instance> instances);

    /** Each in turn, whatever its weight. */
    static Balancer roundRobin() {
        AtomicInteger turn = new AtomicInteger();
        return instances -> instances.get(Math.floorMod(turn.getAndIncrement(), instances.size()));
    }

    /** By chance, each as often as its weight says. */
    static Balancer weightedRandom() {
        return instances -> {
            long total = 0;
            for (Instance instance : instances) {
                total += instance.weight();
            }
            long chosen = ThreadLocalRandom.current().nextLong(total);
            for (Instance instance : instances) {
                chosen -= instance.weight();
                if (chosen < 0) {
                    return instance;
                }
            }
            throw new IllegalStateException("weights changed while they were added");
        };
    }
}
