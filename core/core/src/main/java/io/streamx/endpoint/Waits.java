package io.streamx.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The threads of one call that wait for room to send, which several may do at once, and since when. Any thread. */
final class Waits {
    /** By thread, in the order in which they began to wait. */
    private final Map<Thread, Long> beganNanos = new LinkedHashMap<>();

    /** The thread that calls this begins to wait. */
    synchronized void begin() {
        beganNanos.put(Thread.currentThread(), System.nanoTime());
    }

    /** The wait of the thread that calls this is over. */
    synchronized void end() {
        beganNanos.remove(Thread.currentThread());
    }

    /** For how many milliseconds that thread has waited which began first; empty when none waits. */
    synchronized OptionalLong longestMillis() {
        return beganNanos.values().stream()
                .mapToLong(began -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
                .findFirst();
    }
}
