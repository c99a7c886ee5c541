package io.streamx.endpoint;

import io.streamx.CallInfo;
import io.streamx.CallListener.Wait;
import io.streamx.ConnectionInfo.Side;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A call that runs, or has run: what {@link LiveView} counts of it. Any thread may read it, and each method says how it is now. */
public final class LiveCall {
    private static final long NOT_WAITING = 0;

    private final Side side;
    private final CallInfo call;
    private final long beganNanos = System.nanoTime();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final Waits sends = new Waits();
    /** When the one reader of the call began to wait, as the clock has it; {@link #NOT_WAITING} for none. */
    private volatile long receivesSince;

    LiveCall(Side side, CallInfo call) {
        this.side = side;
        this.call = call;
    }

    /** Which end of the call this process is. */
    public Side side() {
        return side;
    }

    /** Which call it is. */
    public CallInfo call() {
        return call;
    }

    /** How long it has been running. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    /** Messages that this end has handed to the network or its queue. */
    public long messagesSent() {
        return sent.sum();
    }

    /** Messages that the user of this end has taken. */
    public long messagesReceived() {
        return received.sum();
    }

    /** For how many milliseconds a send has waited for room, the longest of those that wait; empty when none waits. */
    public OptionalLong sendWaitMillis() {
        return sends.longestMillis();
    }

    /** For how many milliseconds a recv has waited for a message; empty when none waits. */
    public OptionalLong receiveWaitMillis() {
        long since = receivesSince;
        return since == NOT_WAITING
                ? OptionalLong.empty()
                : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
    }

    void sent() {
        sent.increment();
    }

    void received() {
        received.increment();
    }

    /** The thread that calls this begins to wait. */
    void waits(Wait wait) {
        if (wait == Wait.SEND) {
            sends.begin();
        } else {
            long now = System.nanoTime();
            receivesSince = now == NOT_WAITING ? now + 1 : now;
        }
    }

    /** The wait of the thread that calls this is over. */
    void goesOn(Wait wait) {
        if (wait == Wait.SEND) {
            sends.end();
        } else {
            receivesSince = NOT_WAITING;
        }
    }
}
