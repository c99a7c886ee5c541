package io.streamx.grpc.connection;

/**
 * Says when to ping a silent peer, and when the peer is gone. One timer asks, so a read costs no more than writing a
 * field.
 *
 * <p>This class has no clock and is told the time. Source: docs/protocol/grpc.md "11. Keepalive and age".
 */
final class Keepalive {
    /** The payload of keepalive pings, which is any that has no other meaning. */
    static final long PING = 0;

    /** What is due. */
    enum Due {
        /** Nothing is due. */
        NOTHING,
        /** A PING is due. */
        PING,
        /** The connection is to end. */
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

    /** Says what is due now; {@link #waitNanos} says when to ask again. */
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
