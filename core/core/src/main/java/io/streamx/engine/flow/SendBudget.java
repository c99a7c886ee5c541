package io.streamx.engine.flow;

import java.util.concurrent.atomic.AtomicLong;

/** The unsent bytes of all streams of one connection. Safe from any thread. */
public final class SendBudget {
    /** A stream may take this fraction of what is left; see {@link #hasRoomFor}. */
    private static final int STREAM_PART = 4;

    private final long limit;
    private final ProcessMemory memory;
    private final ProcessMemory.Share share;
    private final AtomicLong unsent = new AtomicLong();
    private final WaitList waiters = new WaitList();

    public SendBudget(long limit) {
        this(limit, ProcessMemory.shared());
    }

    SendBudget(long limit, ProcessMemory memory) {
        this.limit = limit;
        this.memory = memory;
        share = memory.new Share();
    }

    /**
     * Whether a stream with so many unsent bytes of its own may queue more. The less is left, the less a single stream
     * may hold. So streams that their peers do not read leave room for all others. A stream that holds nothing finds
     * room up to twice the limit.
     */
    boolean hasRoomFor(long own) {
        long now = unsent.get();
        long allowed = memory.allowance(limit);
        return own == 0 ? now < 2 * allowed : own <= (allowed - now) / STREAM_PART;
    }

    public void take(long bytes) {
        long now = unsent.addAndGet(bytes);
        if (share.isShort(now)) {
            share.charge(now);
        }
    }

    /** The connection is gone: what is still counted here is given back to the process. */
    public void close() {
        share.charge(0);
    }

    public void giveBack(long bytes) {
        long now = unsent.addAndGet(-bytes);
        if (share.isAmple(now)) {
            share.charge(now);
        }
        if (now <= limit / 2) {
            waiters.wakeAll();
        }
    }

    public WaitList waiters() {
        return waiters;
    }

    /** How many bytes are unsent. For tests and diagnosis. */
    public long unsent() {
        return unsent.get();
    }
}
