package io.streamx.grpc.connection;

import io.streamx.wire.TransportOptionsByType;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the servers of one client have said of its pings: each "too_many_pings" doubles the time between pings of all
 * connections that the client makes from then on. Safe on any thread.
 *
 * <p>Source: gRPC proposal A8.
 */
final class CalmedKeepalive {
    /** What a server says with GOAWAY to a client that pings too often. */
    static final String TOO_MANY_PINGS = "too_many_pings";

    /** Enough to make a year of a second. */
    private static final int MAX_DOUBLINGS = 25;

    /** A client's options are an object of its own, which lives as long as it. */
    private static final Map<TransportOptionsByType, CalmedKeepalive> BY_CLIENT =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final AtomicInteger doublings = new AtomicInteger();

    /** That of the client which has these options. */
    static CalmedKeepalive of(TransportOptionsByType options) {
        return BY_CLIENT.computeIfAbsent(options, client -> new CalmedKeepalive());
    }

    /** A server has had too many pings. */
    void tooManyPings() {
        doublings.updateAndGet(count -> Math.min(MAX_DOUBLINGS, count + 1));
    }

    /** The time between pings for a new connection. */
    long nanos(long chosenNanos) {
        int count = doublings.get();
        return chosenNanos > Long.MAX_VALUE >> count ? Long.MAX_VALUE : chosenNanos << count;
    }
}
