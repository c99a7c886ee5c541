package io.streamx.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * What is carried.
 *
 * @param name as given on the command line
 * @param kind what happens
 * @param streams streams, or unary calls, at once
 */
record Workload(String name, Kind kind, int streams) {
    /** What happens; on the command line its name in lower case and how many at once. */
    enum Kind {
        /** Streams with one message at a time there and back. */
        BIDI,
        /** One stream on which the server sends as fast as it can. */
        DOWN,
        /** Unary calls, each of which follows the last one of its kind. */
        UNARY
    }

    static Workload named(String name) {
        for (Kind kind : Kind.values()) {
            String prefix = kind.name().toLowerCase(Locale.ROOT) + "-";
            if (name.startsWith(prefix)) {
                int streams = Integer.parseInt(name.substring(prefix.length()));
                if (streams == 1 || (streams > 1 && kind != Kind.DOWN)) {
                    return new Workload(name, kind, streams);
                }
            }
        }
        throw new IllegalArgumentException("workload: " + name + " (expected: bidi-N, down-1, unary-N)");
    }

    CompletableFuture<Void> start(Stack.Session session, Meter meter, Duration sending) {
        return switch (kind) {
            case BIDI -> session.pingPong(streams, meter);
            case DOWN -> session.down(sending, meter);
            case UNARY -> session.calls(streams, meter);
        };
    }
}
