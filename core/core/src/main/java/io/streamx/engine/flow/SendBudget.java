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
    /** Senders whose streams hold nothing: anything that is given back may be theirs. */
    private final WaitList firstWaiters = new WaitList();

    public SendBudget(long limit) {
        this(limit, ProcessMemory.shared());
    }

    SendBudget(long limit, ProcessMemory memory) {
        this.limit = limit;
        this.memory = memory;
        share = memory.new Share();
    }

    /**
     * Whether a stream with so many unsent bytes of its own may queue more. The less is left the less a single stream may
     * hold of it, so that streams which their peers do not read leave room for all others; where the whole process holds
     * much, no more than a message. One that holds nothing finds room while less than half of the budget of the process is
     * held, because a thousand streams that are stuck with a message each may pass the limit of their connection; from then
     * on up to twice the limit; and without memory only on a connection that holds next to nothing.
     */
    boolean hasRoomFor(long own) {
        long now = unsent.get();
        if (own == 0) {
            return !memory.isTight() || now < (memory.isExhausted() ? ProcessMemory.FLOOR_BYTES : 2 * limit);
        }
        if (memory.isFilling() && now >= ProcessMemory.FLOOR_BYTES) {
            return false;
        }
        return own <= (memory.allowance(limit) - now) / STREAM_PART;
    }

    public void take(long bytes) {
        long now = unsent.addAndGet(bytes);
        if (share.isShort(now)) {
            share.charge(now);
        }
    }

    /** The connection is gone: what is still counted here is given back to the process, and what comes later is not its matter. */
    public void close() {
        share.close();
    }

    public void giveBack(long bytes) {
        long now = unsent.addAndGet(-bytes);
        if (share.isAmple(now)) {
            share.charge(now);
        }
        if (now <= limit / 2) {
            waiters.wakeAll();
        } else {
            firstWaiters.wakeAll();
        }
    }

    /** A sender begins to wait. */
    void beginWait(Thread sender, boolean holdsNothing) {
        waiters.add(sender);
        if (holdsNothing) {
            firstWaiters.add(sender);
            memory.waiters().add(sender);
        }
    }

    /** Its wait is over. */
    void endWait(Thread sender, boolean heldNothing) {
        waiters.remove(sender);
        if (heldNothing) {
            firstWaiters.remove(sender);
            memory.waiters().remove(sender);
        }
    }

    /** For tests. */
    WaitList waiters() {
        return waiters;
    }

    /** How many bytes are unsent. Any thread. */
    public long unsent() {
        return unsent.get();
    }
}
