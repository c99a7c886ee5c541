package io.streamx.engine.flow;

import io.streamx.wire.MemoryBudget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * The bytes that all connections of the process hold together, of clients and servers: received and not taken, queued
 * and not sent. Each connection has a bound of its own; this bound is for many connections together. When more than
 * half of the budget is held, each connection may hold the less the less is left. When all of it is held, servers take
 * no new work.
 *
 * <p>The budget is that of {@link MemoryBudget}. Safe from any thread.
 */
public final class ProcessMemory {
    /**
     * How much a connection may hold however little is left. Without that nothing would move, and nothing would become
     * free.
     */
    static final long FLOOR_BYTES = 16 << 10;

    /**
     * An allowance is what is left divided by this number, so that as many connections may use theirs at once without
     * passing the budget.
     */
    private static final int AT_ONCE = 4;
    /** That part of the budget is not for what has piled up. */
    private static final int RESERVE_PART = 4;
    /** So much of the budget may be granted to peers whose messages are being taken, beyond what all may send at first. */
    private static final int GRANT_PART = 4;

    /** As many as processors can make at once, and some that are held up. */
    private static final int MOST_MAKING = 2 * Runtime.getRuntime().availableProcessors();

    private static final ProcessMemory SHARED = new ProcessMemory(MemoryBudget.bytes());

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicInteger holders = new AtomicInteger();
    private final AtomicInteger making = new AtomicInteger();
    private final WaitList waiters = new WaitList();
    /** Whether more than a quarter of the budget is held. This is read for every message that is sent, and seldom written. */
    private volatile boolean filling;
    /** Whether more than half of the budget is held. This is read and written as {@link #filling} is. */
    private volatile boolean tight;

    ProcessMemory(long limit) {
        this.limit = limit;
    }

    /** The memory of this process. */
    public static ProcessMemory shared() {
        return SHARED;
    }

    /**
     * Takes part in the budget: what this returns is told how many bytes its owner holds now, each time that changes, and 0 when the
     * owner ends. Any thread.
     */
    public static LongConsumer newHolder() {
        return SHARED.new Share()::charge;
    }

    /** How much of {@code own} a connection may hold now for each of its reasons. */
    public long mayHold(long own) {
        return allowance(own);
    }

    /** The budget in bytes. */
    public long limit() {
        return limit;
    }

    /**
     * How many bytes are held now, in steps: connections that hold less than {@value #FLOOR_BYTES} bytes are not
     * counted.
     */
    public long used() {
        return used.get();
    }

    /** Whether no new work should be taken. */
    public boolean isExhausted() {
        return tight && used.get() >= limit;
    }

    /**
     * How much of {@code own} a connection may hold now in one direction. All together never use up the budget: what is left
     * is for streams that hold nothing yet, and for calls that are new.
     */
    long allowance(long own) {
        if (!tight) {
            return own;
        }
        long most = limit - limit / RESERVE_PART;
        return Math.min(own, Math.max(FLOOR_BYTES, (most - used.get()) / AT_ONCE));
    }

    /** Whether more than a quarter of the budget is held: what has not been sent yet should not grow. */
    boolean isFilling() {
        return filling;
    }

    /** Whether more than half of the budget is held. */
    public boolean isTight() {
        return tight;
    }

    /** Whether peers may be told to send so many bytes more than at first; if so, they are counted until {@link #takeBack}. */
    public boolean grant(int bytes) {
        if (tight) {
            return false;
        }
        if (granted.addAndGet(bytes) > limit / GRANT_PART) {
            granted.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Peers have been told that no longer. */
    public void takeBack(int bytes) {
        granted.addAndGet(-bytes);
    }

    /** Whether one more may make what takes memory; if so, {@link #endMaking} follows. */
    boolean beginMaking() {
        if (making.incrementAndGet() <= MOST_MAKING) {
            return true;
        }
        endMaking();
        return false;
    }

    /** Whether {@link #beginMaking} would let one more in. */
    boolean mayBeginMaking() {
        return making.get() < MOST_MAKING;
    }

    /** It has been made, and counted. */
    void endMaking() {
        // While fewer are at it nobody waits for that, and those who wait for memory are not to be woken by each reply.
        if (making.getAndDecrement() >= MOST_MAKING) {
            waiters.wakeAll();
        }
    }

    /** Senders that wait for memory of the process. */
    WaitList waiters() {
        return waiters;
    }

    /** What each connection would hold if all that hold much held as much as each other. */
    long fairShare() {
        return used.get() / Math.max(1, holders.get());
    }

    /** What one connection holds in one direction, told in steps so that messages do not meet on one counter. */
    final class Share {
        private volatile long charged;
        /** When less than this is held, a part of the charge is to be given back; negative for never. */
        private volatile long shrinkBelow = -1;
        /** Guarded by this. */
        private boolean over;

        boolean isShort(long held) {
            return held > FLOOR_BYTES && held > charged;
        }

        boolean isAmple(long held) {
            return held < shrinkBelow;
        }

        /** The owner has ended: nothing is charged from now on, whoever still counts what nobody will send. Any thread. */
        synchronized void close() {
            charge(0);
            over = true;
        }

        /** Charges the share with {@code held} bytes, which are those held now. Any thread. */
        synchronized void charge(long held) {
            if (over) {
                return;
            }
            // A step is about a quarter of what is held, so that steps are few and not much too large.
            long unit = Math.max(FLOOR_BYTES, Long.highestOneBit(held) / 4);
            long step = held <= FLOOR_BYTES ? 0 : (held + unit - 1) / unit * unit;
            if (step == charged) {
                return;
            }
            if (charged == 0) {
                holders.incrementAndGet();
            } else if (step == 0) {
                holders.decrementAndGet();
            }
            boolean frees = step < charged;
            long now = used.addAndGet(step - charged);
            charged = step;
            shrinkBelow = step == 0 ? -1 : step / 8 + 1;
            boolean isFilling = now > limit / 4;
            if (isFilling != filling) {
                filling = isFilling;
            }
            boolean isTight = now > limit / 2;
            if (isTight != tight) {
                tight = isTight;
            }
            if (frees && now < limit) {
                waiters.wakeAll();
            }
        }
    }
}
