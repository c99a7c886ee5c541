package io.streamx.grpc.connection;

/**
 * When to ping a silent peer, and when it is gone. One timer looks at this; what is read costs a field.
 *
 * <p>Pure: is told the time. Source: docs/protocol/grpc.md "11. Keepalive and age".
 */
final class Keepalive {
    /** The payload of such pings: any but those with a meaning. */
    static final long PING = 0;

    /** What is due. */
    enum Due {
        /** Nothing yet. */
        NOTHING,
        /** A PING. */
        PING,
        /** The end of the connection. */
        CLOSE
    }

    private final long timeNanos;
    private final long timeoutNanos;
    private final boolean withoutCalls;
    private long lastReadNanos;
    private boolean pinged;
    private long pingNanos;
    private long waitNanos;

    Keepalive(long timeNanos, long timeoutNanos, boolean withoutCalls, long nowNanos) {
        this.timeNanos = timeNanos;
        this.timeoutNanos = timeoutNanos;
        this.withoutCalls = withoutCalls;
        lastReadNanos = nowNanos;
        waitNanos = timeNanos;
    }

    /** Something came from the peer. */
    void onRead(long nowNanos) {
        lastReadNanos = nowNanos;
        pinged = false;
    }

    /** Says what is due now; {@link #waitNanos} when to look again. */
    Due look(long nowNanos, boolean hasCalls) {
        if (pinged) {
            waitNanos = timeoutNanos - (nowNanos - pingNanos);
            return waitNanos <= 0 ? Due.CLOSE : Due.NOTHING;
        }
        waitNanos = timeNanos - (nowNanos - lastReadNanos);
        if (waitNanos > 0) {
            return Due.NOTHING;
        }
        if (!hasCalls && !withoutCalls) {
            waitNanos = timeNanos;
            return Due.NOTHING;
        }
        pinged = true;
        pingNanos = nowNanos;
        waitNanos = timeoutNanos;
        return Due.PING;
    }

    long waitNanos() {
        return waitNanos;
    }
}
