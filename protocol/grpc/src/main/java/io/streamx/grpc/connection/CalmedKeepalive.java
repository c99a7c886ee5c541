package io.streamx.grpc.connection;

import io.streamx.wire.TransportOptionsByType;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps what the servers of one client have said of its pings. Each "too_many_pings" doubles the time between pings of
 * all connections that the client makes from then on. Any thread may use it.
 *
 * <p>Source: gRPC proposal A8.
 */
final class CalmedKeepalive {
    /** What a server says with GOAWAY to a client that pings too often. */
    static final String TOO_MANY_PINGS = "too_many_pings";

    /** The most doublings, which are enough to make a year of a second. */
    private static final int MAX_DOUBLINGS = 25;

    /**
     * The object of each client, found by the client's options, which are an object of its own and live as long as the
     * client.
     */
    private static final Map<TransportOptionsByType, CalmedKeepalive> BY_CLIENT =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final AtomicInteger doublings = new AtomicInteger();

    /** The object of the client whose options are {@code options}. */
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
