package io.streamx.interop;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Outcomes that handlers stored under a key until somebody asks for them. Safe from any thread. */
final class Reports {
    private final ConcurrentMap<String, BlockingQueue<String>> kept = new ConcurrentHashMap<>();

    /** Keeps the first outcome of a key; later ones are dropped. */
    void store(String key, String outcome) {
        boolean unused = slot(key).offer(outcome);
    }

    /** Hands out the outcome once; empty when none came in time. */
    String await(String key, Duration patience) throws InterruptedException {
        @Nullable String outcome = slot(key).poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return outcome == null ? "" : outcome;
    }

    private BlockingQueue<String> slot(String key) {
        return kept.computeIfAbsent(key, unused -> new ArrayBlockingQueue<>(1));
    }
}
