package io.streamx.engine.flow;

import io.streamx.wire.ReadGate;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The received bytes of one connection that no user has taken yet. A connection over the limit is not read until half
 * of the limit has been taken. Where that takes long it is read again when a sixteenth has been taken, because other
 * streams then need what little is free. So the limit is passed by one read of the socket at most, and by a reserve
 * from which glimpses are taken while the connection is paused.
 *
 * <p>{@link #taken} belongs to any thread, all else to the event loop.
 */
public final class ReadBudget {
    private static final int RESERVE_PART = 4;
    private static final int FINE_PART = 16;
    private static final int FILLING_PART = 4;
    private static final int EMPTIED_PART = 8;
    private static final long NOT_FILLING = -1;

    private final long limit;
    private final Executor loop;
    private final ReadGate gate;
    private final ProcessMemory memory;
    private final ProcessMemory.Share share;
    private final AtomicLong unread = new AtomicLong();
    private final AtomicBoolean resumeAsked = new AtomicBoolean();
    private volatile boolean paused;
    private volatile long resumeAt;
    /** When so little is unread the connection is not filling any more. */
    private volatile long emptyAt = NOT_FILLING;

    private boolean stopped;
    private long unsettled;

    public ReadBudget(long limit, Executor loop, ReadGate gate) {
        this(limit, loop, gate, ProcessMemory.shared());
    }

    ReadBudget(long limit, Executor loop, ReadGate gate, ProcessMemory memory) {
        this.memory = memory;
        share = memory.new Share();
        this.limit = limit;
        this.loop = loop;
        this.gate = gate;
        resumeAt = limit / 2;
    }

    /**
     * Counts a message. Other threads see the count from the next {@link #settle} on, so that a whole read costs one
     * atomic step.
     */
    public void received(int cost) {
        unsettled += cost;
    }

    /** Adds what one read of the socket brought to the count, and pauses the connection when that was too much. */
    public void settle() {
        if (unsettled == 0) {
            return;
        }
        long now = unread.addAndGet(unsettled);
        unsettled = 0;
        if (share.isShort(now)) {
            share.charge(now);
        }
        long allowed = allowed();
        if (now > allowed / FILLING_PART) {
            emptyAt = allowed / EMPTIED_PART;
            gate.filling(allowed);
            // The readers may have taken everything before they could see what they are to wait for.
            tellIfEmptied();
        }
        if (now > allowed && !paused) {
            paused = true;
            resumeAt = Math.min(resumeAt, allowed);
            gate.pause();
            // The readers may have taken everything before they could see the pause.
            resumeIfTaken();
        }
        if (paused && !stopped && now > ProcessMemory.FLOOR_BYTES && memory.isExhausted()) {
            stopped = true;
            gate.stopReading(true);
        }
    }

    /** Gives bytes back that a user took or that were dropped. */
    public void taken(long cost) {
        long now = unread.addAndGet(-cost);
        if (((paused && now <= resumeAt) || share.isAmple(now) || now <= emptyAt)
                && resumeAsked.compareAndSet(false, true)) {
            loop.execute(() -> {
                resumeAsked.set(false);
                if (share.isAmple(unread.get())) {
                    share.charge(unread.get());
                }
                tellIfEmptied();
                resumeIfTaken();
            });
        }
    }

    private void tellIfEmptied() {
        if (unread.get() <= emptyAt) {
            emptyAt = NOT_FILLING;
            gate.emptied();
        }
    }

    private void resumeIfTaken() {
        if (paused && unread.get() <= resumeAt) {
            paused = false;
            readAgain();
            gate.resume();
        }
    }

    private void readAgain() {
        if (stopped) {
            stopped = false;
            gate.stopReading(false);
        }
    }

    /** Says whether reading goes on as soon as a little has been taken, or only when half has. */
    public void resumeFinely(boolean finely) {
        long allowed = allowed();
        resumeAt = finely ? allowed - allowed / FINE_PART : allowed / 2;
        resumeIfTaken();
    }

    /**
     * Reads a little while the connection is paused, as long as the reserve lasts; what comes is counted like all that
     * comes.
     */
    public void glimpse() {
        if (!memory.isExhausted()) {
            readAgain();
        }
        if (paused && unread.get() < allowed() + allowed() / RESERVE_PART) {
            gate.glimpse();
        }
    }

    public boolean isPaused() {
        return paused;
    }

    /** Whether less than half of what may be unread is unread, so that no stream is short of anything. */
    public boolean isAtEase() {
        return unread.get() <= allowed() / 2;
    }

    /** Whether more than a quarter of what may be unread is unread. */
    public boolean isFilling() {
        return unread.get() + unsettled > allowed() / FILLING_PART;
    }

    /** How many bytes are unread beyond what lets reading go on for a while; negative below it. */
    public long tooMuch() {
        return unread.get() - allowed() * 3 / 4;
    }

    /**
     * Whether this connection may have to end a stream: it holds more than its own limit; or the process holds too
     * much, and this connection more than others.
     */
    public boolean isOverItsShare() {
        long now = unread.get();
        return now > limit - limit / FINE_PART || now >= memory.fairShare() / 2;
    }

    /** The connection is gone: what is still counted here is given back to the process. */
    public void close() {
        share.close();
    }

    /** How many bytes may be unread: the limit, or less where the process holds much. */
    private long allowed() {
        return memory.allowance(limit);
    }

    /** How many bytes are unread. Any thread. */
    public long unread() {
        return unread.get();
    }
}
