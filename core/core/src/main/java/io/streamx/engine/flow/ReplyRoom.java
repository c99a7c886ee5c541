package io.streamx.engine.flow;

import io.streamx.wire.TimeSource;
import io.streamx.wire.UnsentReplies;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one connection holds of whole replies. They count among its unsent bytes. One more is let in while fewer than the limit are
 * held, or than the process allows where it holds much, and none while the process has used up its memory; so either bound is passed
 * by as many replies as processors make at once.
 */
public final class ReplyRoom implements UnsentReplies {
    private final long limit;
    private final SendBudget budget;
    private final ProcessMemory memory;
    private final TimeSource time;
    private final AtomicLong held = new AtomicLong();
    private final WaitList waiters = new WaitList();

    /** {@code time} measures how long handlers wait. */
    public ReplyRoom(long limit, SendBudget budget, ProcessMemory memory, TimeSource time) {
        this.limit = limit;
        this.budget = budget;
        this.memory = memory;
        this.time = time;
    }

    @Override
    public boolean enter() {
        if (!hasRoom() || !memory.beginMaking()) {
            return false;
        }
        if (hasRoom()) {
            return true;
        }
        memory.endMaking();
        return false;
    }

    @Override
    public void leave() {
        memory.endMaking();
    }

    private boolean hasRoom() {
        return !memory.isExhausted() && held.get() < memory.allowance(limit);
    }

    @Override
    public void made(long bytes) {
        held.addAndGet(bytes);
        budget.take(bytes);
    }

    @Override
    public void left(long bytes) {
        long now = held.addAndGet(-bytes);
        budget.giveBack(bytes);
        if (now < limit) {
            waiters.wakeAll();
        }
    }

    @Override
    public long held() {
        return held.get();
    }

    @Override
    public Turn newTurn() {
        return new Waiting();
    }

    private final class Waiting implements Turn {
        private volatile boolean over;
        private volatile @Nullable Thread thread;

        @Override
        public boolean await(long nanos) throws InterruptedException {
            Thread self = Thread.currentThread();
            thread = self;
            long began = time.nanoTime();
            // Leaving the lists of those who wait may take a while, in which others take the room.
            while (!over) {
                if (enter()) {
                    return true;
                }
                if (!awaitRoom(self, began, nanos)) {
                    return false;
                }
            }
            return false;
        }

        private boolean awaitRoom(Thread self, long began, long nanos) throws InterruptedException {
            waiters.add(self);
            boolean forMemory = false;
            // The room is looked at only after this thread is on the list: what is given back from now on wakes it.
            try {
                while (!over && !(hasRoom() && memory.mayBeginMaking())) {
                    if (!forMemory && held.get() < limit) {
                        // The connection has room, so memory decides. Handlers whose peer reads nothing are not on that
                        // list, since each reply of other connections would wake them in vain.
                        memory.waiters().add(self);
                        forMemory = true;
                        continue;
                    }
                    if (nanos == Long.MAX_VALUE) {
                        LockSupport.park(this);
                    } else {
                        long left = nanos - (time.nanoTime() - began);
                        if (left <= 0) {
                            return false;
                        }
                        time.parkNanos(this, left);
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                return true;
            } finally {
                if (forMemory) {
                    memory.waiters().remove(self);
                }
                waiters.remove(self);
            }
        }

        @Override
        public void giveUp() {
            over = true;
            Thread waiting = thread;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }
    }
}
