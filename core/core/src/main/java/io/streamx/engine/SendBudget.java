package io.streamx.engine;

import java.util.concurrent.atomic.AtomicLong;

/** The unsent bytes of all streams of one connection. Safe from any thread. */
final class SendBudget {
    private final long limit;
    private final AtomicLong unsent = new AtomicLong();
    private final WaitList waiters = new WaitList();

    SendBudget(long limit) {
        this.limit = limit;
    }

    boolean hasRoom() {
        return unsent.get() < limit;
    }

    void take(long bytes) {
        unsent.getAndAdd(bytes);
    }

    void giveBack(long bytes) {
        if (unsent.addAndGet(-bytes) <= limit / 2) {
            waiters.wakeAll();
        }
    }

    WaitList waiters() {
        return waiters;
    }

    /** For tests and diagnosis. */
    long unsent() {
        return unsent.get();
    }
}
