package io.streamx.grpc.connection;

/**
 * Counts the pings of a client that come too soon after one another. The count is cleared by what the server sends
 * meanwhile, because pings beside traffic are no abuse.
 *
 * <p>This class has no clock and is told the time. Source: docs/protocol/grpc.md "11. Keepalive and age".
 */
final class PingStrikes {
    private static final int MAX_STRIKES = 2;

    private final long withCallsNanos;
    private final long withoutCallsNanos;
    private boolean pinged;
    private long lastNanos;
    private int strikes;

    /** Counts pings that come sooner than the least time between two, with and without calls running. */
    PingStrikes(long withCallsNanos, long withoutCallsNanos) {
        this.withCallsNanos = withCallsNanos;
        this.withoutCallsNanos = withoutCallsNanos;
    }

    /** HEADERS or DATA have been sent. */
    void clear() {
        pinged = false;
        strikes = 0;
    }

    /**
     * A PING has come.
     *
     * @return whether that was one ping too many
     */
    boolean onPing(long nowNanos, boolean hasCalls) {
        boolean tooSoon = pinged && nowNanos - lastNanos < (hasCalls ? withCallsNanos : withoutCallsNanos);
        pinged = true;
        lastNanos = nowNanos;
        if (tooSoon) {
            strikes++;
        }
        return strikes > MAX_STRIKES;
    }
}
