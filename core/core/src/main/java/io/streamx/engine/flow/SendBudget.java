package io.streamx.engine.flow;

import java.util.concurrent.atomic.AtomicLong;

/** The unsent bytes of all streams of one connection. Safe from any thread. */
public final class SendBudget {
    private final long limit;
    private final AtomicLong unsent = new AtomicLong();
    private final WaitList waiters = new WaitList();

    public SendBudget(long limit) {
        this.limit = limit;
    }

    public boolean hasRoom() {
        return unsent.get() < limit;
    }

    public void take(long bytes) {
        unsent.getAndAdd(bytes);
    }

    public void giveBack(long bytes) {
        if (unsent.addAndGet(-bytes) <= limit / 2) {
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
