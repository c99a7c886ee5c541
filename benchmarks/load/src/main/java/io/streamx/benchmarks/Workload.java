package io.streamx.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What is carried: {@code bidi-N} is N streams with one message at a time there and back; {@code down-1} is one stream
 * on which the server sends as fast as it can.
 *
 * @param name as given on the command line
 * @param streams how many at once
 * @param oneWay whether only the server sends
 */
record Workload(String name, int streams, boolean oneWay) {
    private static final String PING_PONG = "bidi-";

    static Workload named(String name) {
        if (name.equals("down-1")) {
            return new Workload(name, 1, true);
        }
        if (name.startsWith(PING_PONG)) {
            int streams = Integer.parseInt(name.substring(PING_PONG.length()));
            if (streams > 0) {
                return new Workload(name, streams, false);
            }
        }
        throw new IllegalArgumentException("workload: " + name + " (expected: bidi-N, down-1)");
    }

    CompletableFuture<Void> start(Stack.Session session, Meter meter, Duration sending) {
        return oneWay ? session.down(sending, meter) : session.pingPong(streams, meter);
    }
}
