package io.streamx.engine.flow;

import java.util.concurrent.atomic.AtomicLong;

/** The unsent bytes of all streams of one connection. Safe from any thread. */
public final class SendBudget {
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

    public boolean hasRoom() {
        return unsent.get() < memory.allowance(limit);
    }

    public void take(long bytes) {
        long now = unsent.addAndGet(bytes);
        if (share.isShort(now)) {
            share.charge(now);
        }
    }

    /** The connection is gone: what it still holds is no longer its own. */
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

    /** For tests and diagnosis. */
    public long unsent() {
        return unsent.get();
    }
}
